using Noether.Devices;
using Noether.Graphs;

namespace Noether.Primitives;

/// <summary>
/// Acts on each element alone. A member says its form and its partial derivatives; from them the family derives jvp, vjp, batching,
/// and the plan fuses runs of them into one pass on every device.
/// </summary>
/// <remarks>Inputs have equal shapes: public operations insert broadcasts, which cost nothing.</remarks>
public abstract record ElementwisePrimitive : Primitive
{
    internal sealed override bool TakesStrides => true;

    /// <summary>The element type of the output, or an error that names the operation.</summary>
    internal abstract DType ResultType(DType[] x);

    /// <summary>∂y/∂x[i] as a tensor expression; null if it is zero everywhere.</summary>
    internal abstract Tensor? Partial(int i, Tensor[] x, Tensor y);

    /// <summary>Shows the form to a device.</summary>
    internal abstract T Accept<T>(IFormVisitor<T> visitor);

    internal override TensorType[] Infer(Tensor[] x)
    {
        var shape = x[0].Shape;
        foreach (var operand in x)
        {
            if (!operand.Shape.Equals(shape))
                throw new ShapeException($"{Name}: shapes differ: {string.Join(" and ", x.Select(o => o.Shape))}");
        }

        return [new(shape, ResultType(Array.ConvertAll(x, static o => o.DType)))];
    }

    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx)
    {
        Tensor? sum = null;
        for (var i = 0; i < x.Length; i++)
        {
            if (dx[i] is not { } tangent || Partial(i, x, y[0]) is not { } slope) continue;
            sum = sum is null ? slope * tangent : sum + slope * tangent;
        }

        return [sum];
    }

    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted)
    {
        var result = new Tensor?[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            if (wanted[i] && Partial(i, x, y[0]) is { } slope) result[i] = cotangents[0]! * slope;
        }

        return result;
    }

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size)
    {
        var inputs = new Tensor[x.Length];
        for (var i = 0; i < x.Length; i++) inputs[i] = WithBatch(x[i], batched[i], size);
        return [Tensor.Apply(this, inputs)];
    }

    // Outside a plan's groups (never by the planner itself): a group of one.
    internal sealed override void Evaluate(Device device, View[] x, View[] y) => device.Map(ElementwiseGroup.Of(this, x, y[0]), x, y);
}
