using Noether.Devices;

namespace Noether.Primitives;

/// <summary>Linear in one operand, and usually free: the output is another layout of the input's storage.</summary>
public abstract record ViewPrimitive : LinearPrimitive
{
    internal sealed override bool TakesBFloat16 => true;

    internal sealed override bool TakesStrides => true;

    /// <summary>The transpose, for the one operand.</summary>
    internal abstract Tensor Transpose(Tensor cotangent, Tensor x);

    /// <summary>The primitive that does the same to a batch, which is axis 0.</summary>
    internal abstract Tensor Batch(Tensor x);

    internal sealed override Tensor?[] Transpose(Tensor[] cotangents, Tensor[] x, bool[] wanted) => [Transpose(cotangents[0], x[0])];

    internal sealed override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => [Batch(x[0])];

    // Reached when no layout can say it (a reshape of strided elements): move the elements first.
    internal sealed override void Evaluate(Device device, View[] x, View[] y)
    {
        var dense = y[0].With(Layout.Contiguous(x[0].Shape));
        device.Copy(x[0], dense);
    }
}
