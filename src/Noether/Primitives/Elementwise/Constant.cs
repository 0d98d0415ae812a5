namespace Noether.Primitives;

/// <summary>The same number in every element: inside a fused group it is an immediate operand and takes no memory.</summary>
/// <param name="Value">The number.</param>
/// <param name="Type">The element type.</param>
/// <param name="Shape">The sizes.</param>
public sealed record Constant(Scalar Value, DType Type, Shape Shape) : ElementwisePrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
        from shape in (Shape[])[[], [7], [2, 3], [0, 2]]
        select new Sample(new Constant(1.5, DType.Float64, shape));

    internal override bool TakesBFloat16 => true;

    internal override TensorType[] Infer(Tensor[] x) => [new(Shape, Type)];

    internal override DType ResultType(DType[] x) => Type;

    internal override Tensor? Partial(int i, Tensor[] x, Tensor y) => null;

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) =>
        throw new TransformException("Constant: has no operand to batch"); // the walk never asks a node without batched inputs

    internal override T Accept<T>(IFormVisitor<T> visitor) => visitor.Constant(Value);
}
