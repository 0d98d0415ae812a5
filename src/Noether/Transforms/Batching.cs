using Noether.Graphs;
using Noether.Primitives;

namespace Noether.Transforms;

/// <summary>Vmap: rewrites a graph traced on one example into one for a batch, the batch as axis 0 throughout.</summary>
internal static class Batching
{
    /// <summary>
    /// The results of <paramref name="f"/> for every index along axis 0 of the batched arguments; every result has the batch as axis 0.
    /// </summary>
    public static Tensor[] Run(Func<Tensor[], Tensor[]> f, Tensor[] arguments, bool[] batched, int size)
    {
        using var scaffold = Scaffold.Raise();
        var symbols = new Tensor[arguments.Length];
        for (var i = 0; i < symbols.Length; i++)
        {
            var type = new TensorType(batched[i] ? arguments[i].Shape.Without(0) : arguments[i].Shape, arguments[i].DType);
            symbols[i] = Tensor.ApplyOn(arguments[i].Device, new Symbol(type, "Vmap"))[0];
        }

        var results = Rewrite(symbols, f(symbols), arguments, batched, size);
        scaffold.TakeDown(results);
        return results;
    }

    private static Tensor[] Rewrite(Tensor[] symbols, Tensor[] results, Tensor[] arguments, bool[] batched, int size)
    {
        var replaced = new Dictionary<Tensor, (Tensor Value, bool Batched)>();
        for (var i = 0; i < symbols.Length; i++) replaced[symbols[i]] = (arguments[i], batched[i]);
        var distribution = new Distribution(replaced, size);

        foreach (var node in symbols.Length == 0 ? [] : Walk.Between(symbols, results, []))
        {
            var inputs = Array.ConvertAll(node.Inputs, x => replaced.TryGetValue(x, out var r) ? r.Value : x);
            var which = Array.ConvertAll(node.Inputs, x => replaced.TryGetValue(x, out var r) && r.Batched);
            var any = Array.Exists(which, static b => b);
            using var place = CodePlace.At(node.Place);
            var outputs = !any ? Tensor.ApplyMany(node.Primitive, inputs) : distribution.Of(node) is { } combined ? [combined] : node.Primitive.Batch(inputs, which, size);
            for (var i = 0; i < outputs.Length; i++) replaced[node.Outputs[i]] = (outputs[i], any);
        }

        return Array.ConvertAll(results, y =>
        {
            var (value, has) = replaced.TryGetValue(y, out var r) ? r : (y, false);
            return has ? value : value.BroadcastTo([size, .. value.Shape]);
        });
    }
}
