using Noether.Devices;

namespace Noether.Primitives;

/// <summary>Shape and element type of one output.</summary>
/// <param name="Shape">The sizes.</param>
/// <param name="DType">The element type.</param>
public readonly record struct TensorType(Shape Shape, DType DType)
{
    /// <inheritdoc/>
    public override string ToString() => $"{DType.Name()}{Shape}";
}

/// <summary>
/// One operation of the closed set that everything else is composed of. It says what it is (shape, derivative, batching) and which
/// device verb evaluates it. Parameters are data of the record, so equal applications are recognised and merged.
/// </summary>
/// <remarks>
/// Derive from a family (elementwise, linear, bilinear, selection, factorisation, fused), not from this. Inputs are already checked
/// and promoted by the public operation; rules are written with tensor operations and so differentiate and batch again.
/// </remarks>
public abstract record Primitive
{
    /// <summary>The name in messages, traces and plans.</summary>
    public virtual string Name
    {
        get
        {
            var name = GetType().Name;
            var generic = name.IndexOf('`');
            return generic < 0 ? name : name[..generic];
        }
    }

    /// <summary>True if the primitive moves bfloat16 as it is; else its inputs are widened and its results rounded.</summary>
    internal virtual bool TakesBFloat16 => false;

    /// <summary>True if <see cref="Evaluate(Device, View[], View[])"/> reads any layout; else the plan hands it contiguous inputs.</summary>
    internal virtual bool TakesStrides => false;

    /// <summary>True if the primitive has no verb at all: every plan uses its definition.</summary>
    internal virtual bool IsComposite => false;

    /// <summary>Shapes and types of the outputs.</summary>
    internal abstract TensorType[] Infer(Tensor[] x);

    /// <summary>Tangents of the outputs; null is zero.</summary>
    internal abstract Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx);

    /// <summary>Cotangents of the wanted inputs; null is zero. The default transposes <see cref="Jvp"/>.</summary>
    internal virtual Tensor?[] Vjp(Tensor[] x, Tensor[] y, Tensor?[] cotangents, bool[] wanted) =>
        Transforms.Transposition.OfJvp(this, x, y, cotangents, wanted);

    /// <summary>
    /// Outputs for a batch. Batched inputs carry the batch as axis 0; every output must. Unbatched inputs are shared by the batch.
    /// </summary>
    internal abstract Tensor[] Batch(Tensor[] x, bool[] batched, int size);

    /// <summary>Computes the outputs, already allocated and contiguous.</summary>
    internal abstract void Evaluate(Device device, View[] x, View[] y);

    /// <summary>True if the primitive has one output and a group that reads it may run with it, on each part as it is made.</summary>
    internal virtual bool TakesEpilogue => false;

    /// <summary>Computes the output, the first of y, of the operands, the first of x, and runs a group that reads it.</summary>
    internal virtual void Evaluate(Device device, View[] x, View[] y, Epilogue epilogue)
    {
        Evaluate(device, x, y);
        device.Map(epilogue.Group, epilogue.X, epilogue.Y);
    }

    /// <summary>The layout that shows the output in the first input's storage, or null if elements must move.</summary>
    internal virtual Layout? AsView(Layout x) => null;

    /// <summary>The same value written in other primitives, for devices without the verb; null if there is none.</summary>
    internal virtual Tensor[]? Definition(Tensor[] x) => null;

    /// <summary><paramref name="x"/> with the batch in front, repeated if it has none.</summary>
    private protected static Tensor WithBatch(Tensor x, bool batched, int size) =>
        batched ? x : x.BroadcastTo([size, .. x.Shape]);
}
