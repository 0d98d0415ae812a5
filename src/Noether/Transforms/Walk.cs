using Noether.Graphs;

namespace Noether.Transforms;

/// <summary>The nodes between a function's arguments and its results, in the order of their making.</summary>
internal static class Walk
{
    /// <summary>Nodes on a path from one of <paramref name="arguments"/> to one of <paramref name="results"/>; ascending ids.</summary>
    /// <remarks>
    /// Nodes older than the oldest argument cannot depend on it, so the walk does not enter the graph behind captured tensors.
    /// Complexity: nodes and edges made since.
    /// </remarks>
    public static List<Node> Between(IReadOnlyCollection<Tensor> arguments, IEnumerable<Tensor> results, HashSet<Tensor> active)
    {
        active.UnionWith(arguments);
        var oldest = arguments.Min(a => a.Node!.Id);
        var met = new HashSet<Node>();
        var found = new List<Node>();
        var stack = new Stack<Tensor>(results);
        while (stack.TryPop(out var tensor))
        {
            if (active.Contains(tensor) || tensor.Node is not { } node || node.Id <= oldest || !met.Add(node)) continue;
            found.Add(node);
            foreach (var input in node.Inputs) stack.Push(input);
        }

        found.Sort(static (x, y) => x.Id.CompareTo(y.Id));
        return found.FindAll(node =>
        {
            if (!Array.Exists(node.Inputs, active.Contains)) return false;
            active.UnionWith(node.Outputs);
            return true;
        });
    }

    /// <summary>
    /// The tensors not computed yet that a function's results, or nodes between, read and that follow from captured values alone: the same at every call.
    /// </summary>
    /// <remarks>What follows from constants only (shapes, counts) is left out: it is cheaper made where it is needed than read.</remarks>
    public static Tensor[] Invariants(Tensor[] arguments, Tensor[] results)
    {
        if (arguments.Length == 0) return [];
        var active = new HashSet<Tensor>();
        var read = Between(arguments, results, active).SelectMany(static node => node.Inputs).Concat(results)
            .Where(tensor => IsPending(tensor) && !active.Contains(tensor)).ToHashSet();

        var met = new HashSet<Node>();
        var stack = new Stack<Tensor>(read);
        while (stack.TryPop(out var tensor))
        {
            if (!IsPending(tensor) || !met.Add(tensor.Node!)) continue;
            foreach (var input in tensor.Node!.Inputs) stack.Push(input);
        }

        var withData = new HashSet<Node>();
        foreach (var node in met.OrderBy(static node => node.Id))
        {
            if (Array.Exists(node.Inputs, input => !IsPending(input) || withData.Contains(input.Node!))) withData.Add(node);
        }

        return [.. read.Where(tensor => withData.Contains(tensor.Node!))];
    }

    private static bool IsPending(Tensor tensor) => tensor.View is null && tensor.Node is not null;
}
