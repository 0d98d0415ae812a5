using Noether.Transforms;
using Rule = System.Func<Noether.Tensor[], Noether.Tensor[], Noether.Tensor[], Noether.Tensor[]>;

namespace Noether.Primitives;

/// <summary>A function with a derivative rule of the user's: either the tangent or the pullback; each gives the other by transposition.</summary>
/// <param name="Function">The function.</param>
/// <param name="Arguments">How many operands the rule knows; the others were captured and have no rule.</param>
/// <param name="Tangent">(x, y, dx) → dy, linear in dx; or null.</param>
/// <param name="Pullback">(x, y, cotangents) → cotangents of x, linear in them; or null.</param>
internal sealed record CustomCall(Captured Function, int Arguments, Rule? Tangent, Rule? Pullback) : CallPrimitive(Function), ISampled
{
    public static IEnumerable<Sample> Samples
    {
        get
        {
            Tensor[] one = [Sampling.Values([2, 3])], two = [Sampling.Values([3]), Sampling.Values([3], seed: 1)];
            yield return new(new CustomCall(Captured.Of("CustomDerivative", static x => [x[0].Square()], one).Function, 1, static (x, _, dx) => [2 * x[0] * dx[0]], null), one);
            yield return new(new CustomCall(Captured.Of("CustomDerivative", static x => [x[0] * x[1]], two).Function, 2, null, static (x, _, c) => [c[0] * x[1], c[0] * x[0]]), two);
        }
    }

    /// <inheritdoc/>
    public override string Name => "CustomDerivative";

    /// <summary>Calls the function as one node.</summary>
    public static Tensor[] Call(Func<Tensor[], Tensor[]> function, int known, Rule? tangent, Rule? pullback, Tensor[] x)
    {
        var (body, arguments) = Captured.Of("CustomDerivative", function, x);
        return Tensor.ApplyMany(new CustomCall(body, known, tangent, pullback), arguments);
    }

    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx)
    {
        CheckKnown(Array.ConvertAll(dx, static d => d is not null), x);
        var known = x[..Arguments];
        if (Tangent is not null) return Checked("tangent", Tangent(known, y, Filled(dx[..Arguments], known)), y);

        // J·dx is the transpose of the pullback, applied to dx.
        var (variables, pulled) = Transform.Trace(Name, Array.ConvertAll(y, static t => t.ZerosLike()), c => Pullback!(known, y, c));
        return new Reverse(variables, pulled).Pull(dx[..Arguments]);
    }

    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted)
    {
        CheckKnown(wanted, x);
        if (Pullback is null) return Transposition.OfJvp(this, x, y, cotangents, wanted);
        var known = x[..Arguments];
        return [.. Checked("pullback", Pullback(known, y, Filled(cotangents, y)), known), .. new Tensor?[x.Length - Arguments]];
    }

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size)
    {
        Tensor[] Mapped(Rule rule, Tensor[] a, Tensor[] y, Tensor[] v, bool overInputs)
        {
            bool[] which = [.. batched[..a.Length], .. y.Select(_ => true), .. v.Select((_, i) => !overInputs || batched[i])];
            return Batching.Run(all => rule(all[..a.Length], all[a.Length..(a.Length + y.Length)], all[(a.Length + y.Length)..]), [.. a, .. y, .. v], which, size);
        }

        // A shared operand's cotangent is the sum over the batch.
        return Call(
            a => Batching.Run(Function.Run, a, batched, size),
            Arguments,
            Tangent is null ? null : (a, y, v) => Mapped(Tangent, a, y, v, overInputs: true),
            Pullback is null ? null : (a, y, v) => [.. Mapped(Pullback, a, y, v, overInputs: false).Select((c, i) => batched[i] ? c : c.Sum(0))],
            x);
    }

    private static Tensor[] Filled(Tensor?[] given, Tensor[] like) => [.. given.Select((g, i) => g ?? like[i].ZerosLike())];

    // A derivative in what the function captures would silently be zero.
    private void CheckKnown(bool[] asked, Tensor[] x)
    {
        for (var i = Arguments; i < x.Length; i++)
        {
            if (asked[i])
                throw new TransformException($"{Name}: the function captures a tensor {x[i].Shape} whose derivative is asked for; its rule covers arguments only, so pass the tensor as one");
        }
    }

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
