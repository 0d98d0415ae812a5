using System.Runtime.InteropServices;
using Noether.Graphs;

namespace Noether;

public sealed partial class Tensor
{
    /// <summary>Computes tensors together, sharing what they have in common. Reading a value does this for one.</summary>
    public static void Evaluate(params Tensor[] tensors) => Executor.Evaluate(tensors);

    /// <summary>Computes every tensor of a tree.</summary>
    public static void Evaluate<T>(T tree)
        where T : ITensorTree<T> => Executor.Evaluate([.. tree.Leaves]);

    /// <summary>Computes this tensor now, and returns it.</summary>
    public Tensor Evaluate()
    {
        Executor.Evaluate(this);
        return this;
    }

    /// <summary>The value of a tensor of one element, converted to <typeparamref name="T"/>.</summary>
    /// <exception cref="ShapeException">There is not exactly one element.</exception>
    public T Item<T>()
        where T : unmanaged =>
        Size == 1 ? ToArray<T>()[0] : throw new ShapeException($"Item: {Shape} has {Size} elements, not one");

    /// <summary>The value of a tensor of one element as a double.</summary>
    /// <inheritdoc cref="Item{T}"/>
    public double Item() => Item<double>();

    /// <summary>The elements in row-major order, converted to <typeparamref name="T"/>.</summary>
    public T[] ToArray<T>()
        where T : unmanaged
    {
        var values = new T[Size];
        CopyTo<T>(values);
        return values;
    }

    /// <summary>Copies the elements in row-major order, converted to <typeparamref name="T"/>.</summary>
    /// <exception cref="ShapeException">The span has another length.</exception>
    public void CopyTo<T>(Span<T> destination)
        where T : unmanaged
    {
        if (destination.Length != Size) throw new ShapeException($"CopyTo: {Shape} has {Size} elements, the span {destination.Length}");
        var source = To(DTypes.Of<T>());
        if (source != this) Executor.Evaluate(this, source); // else a second reading would compute this tensor again
        source.Download(MemoryMarshal.AsBytes(destination));
    }

    /// <summary>The elements' bytes in row-major order, in the tensor's own type.</summary>
    internal void Download(Span<byte> destination)
    {
        Evaluate();
        lock (Device.Gate)
        {
            var view = Executor.ValueOf(this);
            if (!view.Layout.IsContiguous)
            {
                var dense = Device.NewView(Shape, DType);
                Device.Copy(view, dense);
                Device.Download(dense.Storage, 0, destination);
                dense.Storage.Release();
                return;
            }

            Device.Download(view.Storage, view.Layout.Offset * DType.Bytes(), destination);
            GC.KeepAlive(view); // a device copies from an address: the block must not be collected meanwhile
        }
    }
}
