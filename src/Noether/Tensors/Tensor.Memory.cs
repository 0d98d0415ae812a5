using Noether.Devices;
using Noether.Graphs;
using Numerics = System.Numerics.Tensors;

namespace Noether;

public sealed partial class Tensor
{
    /// <summary>A tensor on memory that belongs to the caller: on the host without a copy, elsewhere by one upload.</summary>
    /// <typeparam name="T">bool, int, long, BFloat16, float or double; decides the element type.</typeparam>
    /// <param name="values">
    /// The elements in row-major order. Pinned as long as a tensor shows them, and not to be changed meanwhile: tensors are immutable.
    /// </param>
    /// <param name="shape">The sizes; default: one axis.</param>
    /// <param name="device">Default: <see cref="Device.Default"/>.</param>
    /// <remarks>About one memory in sixty, by chance of its address, ends so close to the end of a page that it is copied after all.</remarks>
    /// <exception cref="ShapeException">The shape has another number of elements.</exception>
    public static Tensor Wrap<T>(ReadOnlyMemory<T> values, Shape? shape = null, Device? device = null)
        where T : unmanaged
    {
        shape ??= [values.Length];
        var type = DTypes.Of<T>();
        if (shape.Size != values.Length) throw new ShapeException($"Wrap: {values.Length} values do not fill {shape} ({shape.Size} elements)");
        device ??= Device.Default;
        if (device.SharesMemory && shape.Size > 0)
        {
            var pin = values.Pin();
            if (BorrowedMemory.Storage(pin, AddressOf(values.Span), device, shape.Size * type.Bytes()) is { } storage)
                return Show(storage, Layout.Contiguous(shape), type);
        }

        return From(values.Span, shape, device);
    }

    /// <summary>A tensor on the elements of a <see cref="Numerics.Tensor{T}"/>, in any strides: on the host without a copy, elsewhere by one upload.</summary>
    /// <typeparam name="T">bool, int, long, BFloat16, float or double; decides the element type.</typeparam>
    /// <param name="values">Its memory is pinned as long as a tensor shows it, and is not to be changed meanwhile.</param>
    /// <param name="device">Default: <see cref="Device.Default"/>.</param>
    /// <remarks>See <see cref="Wrap{T}(ReadOnlyMemory{T}, Shape?, Device?)"/> on the memory that is copied after all.</remarks>
    /// <exception cref="ShapeException">A size passes the range of int.</exception>
    public static Tensor Wrap<T>(Numerics.Tensor<T> values, Device? device = null)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(values);
        var type = DTypes.Of<T>();
        var sizes = new int[values.Rank];
        var strides = new long[values.Rank];
        long last = 0;
        for (var axis = 0; axis < sizes.Length; axis++)
        {
            if (values.Lengths[axis] > int.MaxValue) throw new ShapeException($"Wrap: axis {axis} has {values.Lengths[axis]} elements, more than {int.MaxValue}");
            (sizes[axis], strides[axis]) = ((int)values.Lengths[axis], values.Strides[axis]);
            last += strides[axis] * Math.Max(0, sizes[axis] - 1);
        }

        device ??= Device.Default;
        Shape shape = [.. sizes];
        if (device.SharesMemory && shape.Size > 0)
        {
            // The handle of a slice points to the start of the whole array, its span to its own first element.
            var pin = values.GetPinnedHandle();
            var first = AddressOf(new ReadOnlySpan<T>(in values.AsReadOnlyTensorSpan().GetPinnableReference()));
            if (BorrowedMemory.Storage(pin, first, device, (last + 1) * type.Bytes()) is { } storage)
                return Show(storage, new(shape, strides, 0), type);
        }

        return Create<T>(shape, span => values.FlattenTo(span), device);
    }

    /// <summary>The elements in row-major order, evaluated first: on the host the tensor's own memory, if they lie there in order and have the type
    /// <typeparamref name="T"/>; else a converted copy.</summary>
    /// <remarks>The memory stays valid as long as it is referred to, even if the tensor is donated.</remarks>
    /// <exception cref="ShapeException">The elements do not fit one memory.</exception>
    public ReadOnlyMemory<T> AsMemory<T>()
        where T : unmanaged
    {
        CheckSpan("AsMemory", Shape);
        return Dense<T>() is { } view ? new TensorMemory<T>(view).Memory : ToArray<T>();
    }

    /// <summary>Lets a callback read the elements as a tensor span, without a copy where <see cref="Read{T, TResult}"/> needs none.</summary>
    /// <param name="read">The span is not to be used afterwards.</param>
    /// <inheritdoc cref="Read{T, TResult}(Func{ReadOnlySpan{T}, TResult})"/>
    public TResult ReadTensor<T, TResult>(Func<Numerics.ReadOnlyTensorSpan<T>, TResult> read)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(read);
        return Read<T, TResult>(values => read(new(values, Lengths())));
    }

    /// <summary>The elements as a <see cref="Numerics.Tensor{T}"/>, which owns an array: a copy, converted to <typeparamref name="T"/>.</summary>
    public Numerics.Tensor<T> ToNumerics<T>()
        where T : unmanaged => Numerics.Tensor.Create(ToArray<T>(), Lengths());

    private static Tensor Show(Storage storage, Layout layout, DType type)
    {
        storage.Keep();
        return new(new View(storage, layout, type));
    }

    // Of elements that are pinned.
    private static unsafe nint AddressOf<T>(ReadOnlySpan<T> elements)
        where T : unmanaged
    {
        fixed (T* first = elements) return (nint)first;
    }

    private nint[] Lengths() => Array.ConvertAll(Shape.ToArray(), static n => (nint)n);

    // The values where the host may read them as they are, held once more (LetGo); else null.
    private View? Dense<T>()
        where T : unmanaged
    {
        if (!Device.SharesMemory || DTypes.Of<T>() != DType) return null;
        Evaluate();
        lock (Device.Gate)
        {
            var view = Executor.ValueOf(this);
            if (!view.Layout.IsContiguous) return null;
            view.Storage.Keep(); // one holder more: the block is not donated under the reader
            return view;
        }
    }
}
