using Noether.Devices;

namespace Noether;

public sealed partial class Tensor
{
    /// <summary>
    /// A tensor whose elements a callback writes: on the host straight into the tensor's own memory, without a copy; elsewhere by one upload.
    /// </summary>
    /// <typeparam name="T">bool, int, long, BFloat16, float or double; decides the element type.</typeparam>
    /// <param name="shape">The sizes; at most as many elements as a span holds.</param>
    /// <param name="fill">Writes every element in row-major order; the span holds arbitrary values before, and is not to be used afterwards.</param>
    /// <param name="device">Default: <see cref="Device.Default"/>.</param>
    /// <exception cref="ShapeException">The elements do not fit one span.</exception>
    public static Tensor Create<T>(Shape shape, Action<Span<T>> fill, Device? device = null)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(fill);
        device ??= Device.Default;
        var type = DTypes.Of<T>();
        CheckSpan("Create", shape);
        if (!device.SharesMemory)
        {
            var values = GC.AllocateUninitializedArray<T>((int)shape.Size);
            fill(values);
            return From<T>(values, shape, device);
        }

        var view = device.NewView(shape, type);
        fill(SpanOf<T>(view));
        view.Storage.Keep(); // also keeps the block from being collected while it is filled
        return new(view);
    }

    /// <summary>Lets a callback read the elements: see <see cref="Read{T, TResult}(Func{ReadOnlySpan{T}, TResult})"/>.</summary>
    /// <inheritdoc cref="Read{T, TResult}(Func{ReadOnlySpan{T}, TResult})"/>
    public void Read<T>(Action<ReadOnlySpan<T>> read)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(read);
        Read<T, bool>(values =>
        {
            read(values);
            return true;
        });
    }

    /// <summary>
    /// Lets a callback read the elements in row-major order, evaluating them first: on the host in the tensor's own memory, without a copy, if they
    /// lie there in order and have the type <typeparamref name="T"/>; else a converted copy.
    /// </summary>
    /// <typeparam name="T">The element type to read.</typeparam>
    /// <typeparam name="TResult">What the callback returns.</typeparam>
    /// <param name="read">The span is not to be used afterwards. Meanwhile the tensor's memory is not given to another, not even if it is donated.</param>
    /// <exception cref="ShapeException">The elements do not fit one span.</exception>
    public TResult Read<T, TResult>(Func<ReadOnlySpan<T>, TResult> read)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(read);
        CheckSpan("Read", Shape);
        if (Dense<T>() is not { } view) return read(ToArray<T>());
        try
        {
            return read(SpanOf<T>(view));
        }
        finally
        {
            view.Storage.LetGo();
        }
    }

    // Valid only while the view's storage is reachable.
    private static unsafe Span<T> SpanOf<T>(View view)
        where T : unmanaged => new((T*)view.Storage.Handle + view.Layout.Offset, (int)view.Size);

    private static void CheckSpan(string operation, Shape shape)
    {
        if (shape.Size > Array.MaxLength) throw new ShapeException($"{operation}: {shape} has {shape.Size} elements, a span holds {Array.MaxLength}");
    }
}
