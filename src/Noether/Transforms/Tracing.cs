using Noether.Graphs;
using Noether.Primitives;

namespace Noether.Transforms;

/// <summary>Tells whether a tensor is known only inside a transform.</summary>
internal static class Tracing
{
    /// <summary>True if the value depends on an argument of a transform that is still tracing, or on a symbol.</summary>
    public static bool IsTraced(Tensor tensor) => tensor.View is null && AnyTraced([tensor], []);

    /// <summary>True if a value depends on an argument of a transform that is still tracing, or on a symbol that is not one of the given.</summary>
    public static bool AnyTraced(Tensor[] tensors, Tensor[] known)
    {
        var met = new HashSet<Node>();
        foreach (var symbol in known) met.Add(symbol.Node!);
        var stack = new Stack<Tensor>(tensors);
        while (stack.TryPop(out var top))
        {
            if (top.View is not null || top.Node is not { } node || !met.Add(node)) continue;
            if (node.Primitive is Symbol || node.Primitive is Variable { Scope.IsOpen: true }) return true;
            foreach (var input in node.Inputs) stack.Push(input);
        }

        return false;
    }
}
