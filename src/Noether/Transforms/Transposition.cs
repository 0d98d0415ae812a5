using Noether.Primitives;

namespace Noether.Transforms;

/// <summary>Reverse mode from forward mode: a jvp is linear in the tangents, so its reverse walk is its transpose.</summary>
internal static class Transposition
{
    /// <summary>The vjp of a primitive that only says its jvp.</summary>
    public static Tensor?[] OfJvp(Primitive primitive, Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted)
    {
        // The tangents' values never matter (the map is linear); zeros give them shape, type and device.
        using var scope = new TraceScope(primitive.Name);
        var tangents = x.Select((operand, i) => wanted[i] ? Tensor.Apply(new Variable(scope), operand.ZerosLike()) : null).ToArray();
        var pushed = primitive.Jvp(x, y, tangents);
        Tensor[] arguments = [.. tangents.OfType<Tensor>()];
        var kept = Enumerable.Range(0, y.Length).Where(i => pushed[i] is not null && cotangents[i] is not null).ToArray();
        if (kept.Length == 0) return new Tensor?[x.Length];
        var pulled = new Reverse(arguments, [.. kept.Select(i => pushed[i]!)]).Pull([.. kept.Select(i => cotangents[i])]);
        var next = 0;
        return Array.ConvertAll(tangents, t => t is null ? null : pulled[next++]);
    }
}
