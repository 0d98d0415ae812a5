namespace Noether.Primitives;

/// <summary>Another element type: floating to integer cuts towards zero, to bool asks for non-zero, to bfloat16 rounds to nearest even.</summary>
/// <param name="Type">The type of the result.</param>
public sealed record Cast(DType Type) : ElementwisePrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
        from shape in (Shape[])[[], [7], [2, 3], [0, 2]]
        from type in (DType[])[DType.Float64, DType.Int32, DType.Int64, DType.Bool]
        select new Sample(new Cast(type), Sampling.Values(shape));

    internal override bool TakesBFloat16 => true;

    internal override DType ResultType(DType[] x) => Type;

    internal override Tensor? Partial(int i, Tensor[] x, Tensor y) => null;

    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx) => [Type.IsFloating() ? dx[0]?.To(Type) : null];

    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted) =>
        [wanted[0] && Type.IsFloating() ? cotangents[0]!.To(x[0].DType) : null];

    internal override T Accept<T>(IFormVisitor<T> visitor) => visitor.Cast();
}
