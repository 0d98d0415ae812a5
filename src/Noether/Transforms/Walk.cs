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
}
