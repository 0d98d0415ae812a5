using System.Buffers;

namespace Noether.Nn;

/// <summary>Bytes that a table turns into the batches' values.</summary>
internal sealed class ByteColumn<T>(byte[] bytes, Shape row, T[] table) : Column(CountRows(bytes.LongLength, row), row)
    where T : unmanaged
{
    public override Tensor Gather(ReadOnlySpan<int> indices, Device? device = null)
    {
        var width = (int)Row.Size;
        var length = checked(indices.Length * width);
        var rented = ArrayPool<T>.Shared.Rent(length);
        for (var i = 0; i < indices.Length; i++)
        {
            var to = rented.AsSpan(i * width, width);
            var from = bytes.AsSpan(indices[i] * width, width);
            for (var j = 0; j < to.Length; j++) to[j] = table[from[j]];
        }

        var tensor = Tensor.From<T>(rented.AsSpan(0, length), [indices.Length, .. Row], device);
        ArrayPool<T>.Shared.Return(rented);
        return tensor;
    }
}
