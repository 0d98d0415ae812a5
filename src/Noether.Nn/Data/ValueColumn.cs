using System.Buffers;

namespace Noether.Nn;

/// <summary>Values of the type that the batches have.</summary>
internal sealed class ValueColumn<T>(T[] values, Shape row) : Column(CountRows(values.LongLength, row), row)
    where T : unmanaged
{
    public override Tensor Gather(ReadOnlySpan<int> indices, Device? device = null)
    {
        var width = (int)Row.Size;
        var length = checked(indices.Length * width);
        var rented = ArrayPool<T>.Shared.Rent(length); // batches are large objects; fresh ones would cost full collections
        for (var i = 0; i < indices.Length; i++)
            values.AsSpan(indices[i] * width, width).CopyTo(rented.AsSpan(i * width));
        var tensor = Tensor.From<T>(rented.AsSpan(0, length), [indices.Length, .. Row], device);
        ArrayPool<T>.Shared.Return(rented);
        return tensor;
    }
}
