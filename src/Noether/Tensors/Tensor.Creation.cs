using System.Runtime.InteropServices;
using Noether.Primitives;

namespace Noether;

public sealed partial class Tensor
{
    /// <summary>A tensor from values in row-major order.</summary>
    /// <typeparam name="T">bool, int, long, BFloat16, float or double; decides the element type.</typeparam>
    /// <param name="values">The elements; copied.</param>
    /// <param name="shape">The sizes; default: one axis.</param>
    /// <param name="device">Default: <see cref="Device.Default"/>.</param>
    /// <exception cref="ShapeException">The shape has another number of elements.</exception>
    public static Tensor From<T>(ReadOnlySpan<T> values, Shape? shape = null, Device? device = null)
        where T : unmanaged
    {
        shape ??= [values.Length];
        if (shape.Size != values.Length) throw new ShapeException($"From: {values.Length} values do not fill {shape} ({shape.Size} elements)");
        return From(DTypes.Of<T>(), MemoryMarshal.AsBytes(values), shape, device);
    }

    /// <inheritdoc cref="From{T}(ReadOnlySpan{T}, Shape?, Device?)"/>
    public static Tensor From<T>(T[] values, Shape? shape = null, Device? device = null)
        where T : unmanaged => From((ReadOnlySpan<T>)values, shape, device);

    /// <summary>A matrix from a two-dimensional array.</summary>
    /// <inheritdoc cref="From{T}(ReadOnlySpan{T}, Shape?, Device?)"/>
    public static Tensor From<T>(T[,] values, Device? device = null)
        where T : unmanaged => From(Flat<T>(values), [values.GetLength(0), values.GetLength(1)], device);

    /// <summary>A tensor of rank 3 from a three-dimensional array.</summary>
    /// <inheritdoc cref="From{T}(ReadOnlySpan{T}, Shape?, Device?)"/>
    public static Tensor From<T>(T[,,] values, Device? device = null)
        where T : unmanaged => From(Flat<T>(values), [values.GetLength(0), values.GetLength(1), values.GetLength(2)], device);

    /// <summary>A tensor without axes that holds one number.</summary>
    /// <param name="value">The number.</param>
    /// <param name="type">Default: float32, int32 or bool, by the kind of number.</param>
    /// <param name="device">Default: <see cref="Device.Default"/>.</param>
    public static Tensor From(Scalar value, DType? type = null, Device? device = null) => Full([], value, type, device);

    /// <summary>Every element the same number; takes no memory until it is stored.</summary>
    /// <exception cref="DTypeException">An integer does not fit the type.</exception>
    public static Tensor Full(Shape shape, Scalar value, DType? type = null, Device? device = null)
    {
        value.CheckFits(type ?? value.Type, "Full");
        return ApplyOn(device ?? Device.Default, new Constant(value, type ?? value.Type, shape))[0];
    }

    /// <summary>Zeros.</summary>
    public static Tensor Zeros(Shape shape, DType type = DType.Float32, Device? device = null) => Full(shape, 0, type, device);

    /// <summary>Ones.</summary>
    public static Tensor Ones(Shape shape, DType type = DType.Float32, Device? device = null) => Full(shape, 1, type, device);

    /// <summary>The integers 0 … n-1, int32 or converted to another type.</summary>
    public static Tensor Arange(int n, DType type = DType.Int32, Device? device = null)
    {
        if (n < 0) throw new ShapeException($"Arange: negative count {n}");
        var integer = type.IsInteger() ? type : DType.Int64;
        return ApplyOn(device ?? Device.Default, new Iota(n, integer))[0].To(type);
    }

    /// <summary>The numbers start, start + step, … below stop.</summary>
    public static Tensor Arange(double start, double stop, double step = 1, DType type = DType.Float32, Device? device = null)
    {
        if (step == 0 || !double.IsFinite((stop - start) / step)) throw new ShapeException($"Arange: no progress from {start} to {stop} by {step}");
        var count = Math.Max(0, (int)Math.Ceiling((stop - start) / step));
        return (Arange(count, DType.Float64, device) * step + start).To(type);
    }

    /// <summary><paramref name="count"/> evenly spaced numbers from start to stop, both included.</summary>
    public static Tensor Linspace(double start, double stop, int count, DType type = DType.Float32, Device? device = null)
    {
        if (count < 0) throw new ShapeException($"Linspace: negative count {count}");
        var fraction = Arange(count, DType.Float64, device) / Math.Max(1, count - 1);
        return (start + fraction * (stop - start)).To(type);
    }

    /// <summary>The identity matrix of n rows.</summary>
    public static Tensor Eye(int n, DType type = DType.Float32, Device? device = null)
    {
        if (n < 0) throw new ShapeException($"Eye: negative size [{n}, {n}]");
        var index = Arange(n, DType.Int32, device);
        return index.Reshape([n, 1]).Equal(index.Reshape([1, n])).To(type);
    }

    /// <summary>Zeros of this tensor's shape, type and device.</summary>
    public Tensor ZerosLike() => Full(Shape, 0, DType, Device);

    /// <summary>Ones of this tensor's shape, type and device.</summary>
    public Tensor OnesLike() => Full(Shape, 1, DType, Device);

    internal static Tensor From(DType type, ReadOnlySpan<byte> bytes, Shape shape, Device? device = null)
    {
        device ??= Device.Default;
        var view = device.NewUploadView(shape, type);
        device.Upload(bytes, view.Storage);
        view.Storage.Keep();
        return new(view);
    }

    private static ReadOnlySpan<T> Flat<T>(Array values)
        where T : unmanaged =>
        MemoryMarshal.CreateReadOnlySpan(ref System.Runtime.CompilerServices.Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(values)), values.Length);
}
