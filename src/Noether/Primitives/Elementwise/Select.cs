namespace Noether.Primitives;

/// <summary><c>mask ? x : y</c>, element by element; the mask is bool, x and y have one type.</summary>
/// <remarks>The branch not taken has derivative zero, even where its value is infinite or NaN.</remarks>
public sealed record Select : ElementwisePrimitive, ISampled
{
    /// <summary>The primitive has no parameters: one instance serves all.</summary>
    public static readonly Select Instance = new();

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
        ((Shape[])[[], [7], [2, 3], [0, 2]]).Select(shape =>
            new Sample(Instance, Sampling.Values(shape, seed: 2) > 0, Sampling.Values(shape), Sampling.Values(shape, seed: 1)));

    internal override bool TakesBFloat16 => true;

    internal override DType ResultType(DType[] x) =>
        x[0] == DType.Bool
            ? Rules.Same(Name, x[1..])
            : throw new DTypeException($"Select: the mask is {x[0].Name()}, not bool");

    // Used for the general shape of the family; Jvp and Vjp below avoid 0·∞ in the branch not taken.
    internal override Tensor? Partial(int i, Tensor[] x, Tensor y) => i == 0 ? null : (i == 1 ? x[0] : x[0].Not()).To(y.DType);

    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx) =>
        dx[1] is null && dx[2] is null
            ? [null]
            : [Tensor.Apply(this, x[0], dx[1] ?? x[1].ZerosLike(), dx[2] ?? x[2].ZerosLike())];

    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted)
    {
        var zero = y[0].ZerosLike();
        return [
            null,
            wanted[1] ? Tensor.Apply(this, x[0], cotangents[0]!, zero) : null,
            wanted[2] ? Tensor.Apply(this, x[0], zero, cotangents[0]!) : null,
        ];
    }

    internal override T Accept<T>(IFormVisitor<T> visitor) => visitor.Select();
}
