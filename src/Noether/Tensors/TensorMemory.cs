using System.Buffers;
using Noether.Devices;

namespace Noether;

/// <summary>A tensor's elements on the host as memory: keeps the block as long as the memory is referred to.</summary>
/// <param name="view">Contiguous, of elements <typeparamref name="T"/>, and held once for this object.</param>
internal sealed unsafe class TensorMemory<T>(View view) : MemoryManager<T>
    where T : unmanaged
{
    public override Span<T> GetSpan() => new((T*)view.Storage.Handle + view.Layout.Offset, (int)view.Size);

    // The block does not move; the handle refers to this object, and so keeps the block.
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)view.Size, nameof(elementIndex));
        return new((T*)view.Storage.Handle + view.Layout.Offset + elementIndex, pinnable: this);
    }

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) view.Storage.LetGo();
    }
}
