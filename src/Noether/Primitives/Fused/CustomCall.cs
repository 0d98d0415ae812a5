using Noether.Transforms;

namespace Noether.Primitives;

/// <summary>A function with a derivative rule of the user's: either the tangent or the pullback; each gives the other by transposition.</summary>
/// <param name="function">The function.</param>
/// <param name="tangent">(x, y, dx) → dy, linear in dx; or null.</param>
/// <param name="pullback">(x, y, cotangents) → cotangents of x, linear in them; or null.</param>
internal sealed record CustomCall(
    Func<Tensor[], Tensor[]> function,
    Func<Tensor[], Tensor[], Tensor[], Tensor[]>? tangent,
    Func<Tensor[], Tensor[], Tensor[], Tensor[]>? pullback) : CallPrimitive(function), ISampled
{
    public static IEnumerable<Sample> Samples =>
    [
        new(new CustomCall(static x => [x[0].Square()], static (x, _, dx) => [2 * x[0] * dx[0]], null), Sampling.Values([2, 3])),
        new(new CustomCall(static x => [x[0] * x[1]], null, static (x, _, c) => [c[0] * x[1], c[0] * x[0]]), Sampling.Values([3]), Sampling.Values([3], seed: 1)),
    ];

    /// <inheritdoc/>
    public override string Name => "CustomDerivative";

    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx)
    {
        if (tangent is not null) return Checked("tangent", tangent(x, y, Filled(dx, x)), y);

        // J·dx is the transpose of the pullback, applied to dx.
        var (variables, pulled) = Transform.Trace(Name, Array.ConvertAll(y, static t => t.ZerosLike()), c => pullback!(x, y, c));
        return new Reverse(variables, pulled).Pull(dx);
    }

    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted) =>
        pullback is null
            ? Transposition.OfJvp(this, x, y, cotangents, wanted)
            : Checked("pullback", pullback(x, y, Filled(cotangents, y)), x);

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size)
    {
        Tensor[] Mapped(Func<Tensor[], Tensor[], Tensor[], Tensor[]> rule, Tensor[] a, Tensor[] y, Tensor[] v, bool overInputs)
        {
            bool[] which = [.. batched, .. y.Select(_ => true), .. v.Select((_, i) => !overInputs || batched[i])];
            return Batching.Run(all => rule(all[..a.Length], all[a.Length..(a.Length + y.Length)], all[(a.Length + y.Length)..]), [.. a, .. y, .. v], which, size);
        }

        // A shared operand's cotangent is the sum over the batch.
        return Tensor.ApplyMany(
            new CustomCall(
                a => Batching.Run(Function, a, batched, size),
                tangent is null ? null : (a, y, v) => Mapped(tangent, a, y, v, overInputs: true),
                pullback is null ? null : (a, y, v) => [.. Mapped(pullback, a, y, v, overInputs: false).Select((c, i) => batched[i] ? c : c.Sum(0))]),
            x);
    }

    private static Tensor[] Filled(Tensor?[] given, Tensor[] like) => [.. given.Select((g, i) => g ?? like[i].ZerosLike())];

    private Tensor[] Checked(string rule, Tensor[] given, Tensor[] like)
    {
        if (given.Length != like.Length) throw new TransformException($"{Name}: the {rule} gives {given.Length} tensors for {like.Length}");
        for (var i = 0; i < given.Length; i++)
        {
            if (!given[i].Shape.Equals(like[i].Shape)) throw new ShapeException($"{Name}: the {rule} gives {given[i].Shape} for {like[i].Shape}");
        }

        return given;
    }
}
