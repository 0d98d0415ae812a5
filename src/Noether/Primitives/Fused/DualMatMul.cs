using Noether.Devices;

namespace Noether.Primitives;

/// <summary>
/// A product and its tangent, <c>A·B</c> and <c>A'·B + A·B'</c>, made together: each factor is read once for both. The planner makes it of what
/// forward derivatives ask for; where one factor is constant its term is absent.
/// </summary>
/// <remarks>Operands: A and B as <see cref="MatMul"/> takes them, then A' and B', as far as they vary.</remarks>
/// <param name="FirstVaries">A has a tangent.</param>
/// <param name="SecondVaries">B has one.</param>
public sealed record DualMatMul(bool FirstVaries, bool SecondVaries) : FusedPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new DualMatMul(true, true), Sampling.Values([2, 3]), Sampling.Values([3, 4], seed: 1), Sampling.Values([2, 3], seed: 2), Sampling.Values([3, 4], seed: 3)),
        new(new DualMatMul(true, false), Sampling.Values([2, 2, 3]), Sampling.Values([2, 3, 1], seed: 1), Sampling.Values([2, 2, 3], seed: 2)),
        new(new DualMatMul(false, true), Sampling.Values([3, 2]), Sampling.Values([2, 3], seed: 1), Sampling.Values([2, 3], seed: 2)),
        new(new DualMatMul(true, true), Sampling.Values([2, 0]), Sampling.Values([0, 3], seed: 1), Sampling.Values([2, 0], seed: 2), Sampling.Values([0, 3], seed: 3)),
    ];

    internal override bool TakesStrides => true;

    internal override bool TakesEpilogue => true;

    internal override TensorType[] Infer(Tensor[] x)
    {
        var type = MatMul.Instance.Infer(x[..2])[0];
        for (var i = 2; i < x.Length; i++)
        {
            var of = IsOfFirst(i) ? x[0] : x[1];
            if (!x[i].Shape.Equals(of.Shape) || x[i].DType != of.DType) throw new ShapeException($"{Name}: a tangent {x[i].Shape} of {x[i].DType} of a factor {of.Shape} of {of.DType}");
        }

        return [type, type];
    }

    internal override Tensor[] Define(Tensor[] x)
    {
        Tensor? sum = null;
        for (var i = 2; i < x.Length; i++)
        {
            var term = IsOfFirst(i) ? Tensor.Apply(MatMul.Instance, x[i], x[1]) : Tensor.Apply(MatMul.Instance, x[0], x[i]);
            sum = sum is null ? term : sum + term;
        }

        return [Tensor.Apply(MatMul.Instance, x[0], x[1]), sum!];
    }

    internal override void Evaluate(Device device, View[] x, View[] y) => device.DualMatMul(x[0], x[1], First(x), Second(x), y[0], y[1]);

    internal override void Evaluate(Device device, View[] x, View[] y, Epilogue epilogue) =>
        device.DualMatMul(x[0], x[1], First(x), Second(x), y[0], y[1], epilogue);

    private bool IsOfFirst(int operand) => operand == 2 && FirstVaries;

    private View? First(View[] x) => FirstVaries ? x[2] : null;

    private View? Second(View[] x) => SecondVaries ? x[FirstVaries ? 3 : 2] : null;
}
