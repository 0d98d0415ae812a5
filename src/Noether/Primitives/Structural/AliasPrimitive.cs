using Noether.Devices;

namespace Noether.Primitives;

/// <summary>The same values under another name: marks a place in the graph for transforms; plans look through it.</summary>
public abstract record AliasPrimitive : Primitive
{
    internal sealed override bool TakesBFloat16 => true;

    /// <summary>Throws if the values must not be read yet.</summary>
    internal virtual void Check()
    {
    }

    internal sealed override TensorType[] Infer(Tensor[] x) => [new(x[0].Shape, x[0].DType)];

    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx) => [dx[0]];

    internal override Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted) => [cotangents[0]];

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => [x[0]];

    internal sealed override void Evaluate(Device device, View[] x, View[] y) =>
        throw new InvalidOperationException("aliases are resolved by the planner");

    internal sealed override Layout? AsView(Layout x) => x;
}
