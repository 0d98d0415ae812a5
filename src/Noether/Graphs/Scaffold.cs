namespace Noether.Graphs;

/// <summary>
/// The nodes built on this thread while a transform works: at the end those that its results do not stand on are taken down, so that they no
/// longer count as consumers of anything and evaluations keep nothing for them.
/// </summary>
/// <remarks>
/// <c>Grad</c> builds a loss that nobody asks for; rules build cotangents that nobody wants; <c>Vmap</c> and <c>Compile</c> build a graph on
/// symbols only to rewrite or plan it. Without this such nodes would claim activations until the collector finds them.
/// Being taken down is a hint about memory, never about values: a tensor that the user kept by another way is computed when asked for.
/// Scaffolds nest: what an inner one leaves standing is the outer one's to judge. Complexity: nodes built meanwhile.
/// </remarks>
internal ref struct Scaffold
{
    [ThreadStatic]
    private static List<Node>? Built;

    [ThreadStatic]
    private static int Depth;

    private readonly int start;
    private readonly long before;
    private bool standing;

    private Scaffold(int start)
    {
        this.start = start;
        before = Node.LastId;
        standing = true;
    }

    /// <summary>Begins to note nodes; <c>using</c> ends it also when the user's function throws.</summary>
    public static Scaffold Raise()
    {
        Depth++;
        return new((Built ??= []).Count);
    }

    /// <summary>Notes a node, if any transform is at work.</summary>
    public static void Note(Node node)
    {
        if (Depth > 0) Built!.Add(node);
    }

    /// <summary>Releases every node built since that none of the results needs.</summary>
    public readonly void TakeDown(params ReadOnlySpan<Tensor> results)
    {
        var built = Built!;
        if (built.Count == start) return;
        var needed = new HashSet<Node>();
        var stack = new Stack<Tensor>(results.Length);
        foreach (var result in results) stack.Push(result);
        while (stack.TryPop(out var tensor))
        {
            if (tensor.Node is not { } node || node.Id <= before || !needed.Add(node)) continue;
            foreach (var input in node.Inputs) stack.Push(input);
        }

        var kept = start;
        for (var i = start; i < built.Count; i++)
        {
            if (needed.Contains(built[i])) built[kept++] = built[i];
            else built[i].Release();
        }

        built.RemoveRange(kept, built.Count - kept);
    }

    /// <summary>Ends the noting.</summary>
    public void Dispose()
    {
        if (!standing) return;
        standing = false;
        if (--Depth == 0) Built!.Clear();
    }
}
