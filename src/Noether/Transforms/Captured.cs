using Noether.Graphs;
using Noether.Primitives;

namespace Noether.Transforms;

/// <summary>
/// A function as the graph it built in one call, with the tensors it took from around it as further arguments. So a node that stands for the
/// function depends on all that its value depends on, and transforms see it; the user's code does not run again.
/// </summary>
/// <remarks>
/// Nodes are numbered in the order of their making: those above the last one before the call were made by the function, and what
/// they read from below was there before it. Complexity: the nodes that the function made.
/// </remarks>
internal sealed class Captured
{
    private readonly Tensor[] symbols;
    private readonly Tensor[] captured;
    private readonly Tensor[] results;
    private readonly List<Node> made = [];

    private Captured(long before, Tensor[] symbols, Tensor[] results)
    {
        this.symbols = symbols;
        this.results = results;
        var own = new HashSet<Tensor>(symbols);
        var taken = new List<Tensor>();
        var met = new HashSet<Node>();
        var stack = new Stack<Tensor>(results);
        while (stack.TryPop(out var tensor))
        {
            if (own.Contains(tensor)) continue;
            if (tensor.View is null && tensor.Node is { } node && node.Id > before)
            {
                if (!met.Add(node)) continue;
                made.Add(node);
                foreach (var input in node.Inputs) stack.Push(input);
            }
            else if (own.Add(tensor))
            {
                taken.Add(tensor);
            }
        }

        made.Sort(static (x, y) => x.Id.CompareTo(y.Id));
        captured = [.. taken];
    }

    /// <summary>Calls the function on symbols like the arguments; also gives the arguments of <see cref="Run"/>: those, then what was captured.</summary>
    public static (Captured Function, Tensor[] Arguments) Of(string name, Func<Tensor[], Tensor[]> function, Tensor[] arguments)
    {
        using var scaffold = Scaffold.Raise();
        var before = Node.LastId;
        var symbols = Symbols(name, arguments);
        var body = new Captured(before, symbols, function(symbols));
        scaffold.TakeDown(); // its nodes are a pattern: Run makes those that are evaluated
        return (body, [.. arguments, .. body.captured]);
    }

    /// <summary>Placeholders of the arguments' devices, shapes and types.</summary>
    public static Tensor[] Symbols(string name, Tensor[] arguments) =>
        Array.ConvertAll(arguments, x => Tensor.ApplyOn(x.Device, new Symbol(new(x.Shape, x.DType), name))[0]);

    /// <summary>Shapes and types of the results for other arguments.</summary>
    public TensorType[] Types(string name, Tensor[] arguments)
    {
        var same = true;
        for (var i = 0; i < arguments.Length; i++)
        {
            var like = i < symbols.Length ? symbols[i] : captured[i - symbols.Length];
            same &= arguments[i].DType == like.DType && arguments[i].Shape.Equals(like.Shape);
        }

        using var scaffold = Scaffold.Raise();
        var types = Array.ConvertAll(same ? results : Run(Symbols(name, arguments)), static y => new TensorType(y.Shape, y.DType));
        scaffold.TakeDown();
        return types;
    }

    /// <summary>The results for other arguments: the function's nodes again, on them.</summary>
    public Tensor[] Run(Tensor[] arguments)
    {
        var replaced = new Dictionary<Tensor, Tensor>();
        for (var i = 0; i < symbols.Length; i++) replaced[symbols[i]] = arguments[i];
        for (var i = 0; i < captured.Length; i++) replaced[captured[i]] = arguments[symbols.Length + i];
        var device = arguments.Length > 0 ? arguments[0].Device : null; // operands of one node share it
        foreach (var node in made)
        {
            var inputs = Array.ConvertAll(node.Inputs, x => replaced[x]);
            var outputs = inputs.Length > 0 ? Tensor.ApplyMany(node.Primitive, inputs) : Tensor.ApplyOn(device ?? node.Outputs[0].Device, node.Primitive);
            for (var i = 0; i < outputs.Length; i++) replaced[node.Outputs[i]] = outputs[i];
        }

        return Array.ConvertAll(results, y => replaced[y]);
    }
}
