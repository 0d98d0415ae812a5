using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.Tests;

/// <summary>An allocation in the machine's global memory.</summary>
internal sealed class PtxBuffer : MemoryBuffer
{
    private readonly PtxMemory memory;

    public PtxBuffer(PtxAccelerator accelerator, long length, int elementSize)
        : base(accelerator, length, elementSize)
    {
        memory = accelerator.Memory;
        NativePtr = (nint)memory.Allocate(checked((int)LengthInBytes));
    }

    protected override void MemSet(AcceleratorStream stream, byte value, in ArrayView<byte> targetView) => Bytes(targetView).Fill(value);

    protected override void CopyTo(AcceleratorStream stream, in ArrayView<byte> sourceView, in ArrayView<byte> targetView) => Bytes(sourceView).CopyTo(Bytes(targetView));

    protected override void CopyFrom(AcceleratorStream stream, in ArrayView<byte> sourceView, in ArrayView<byte> targetView) => Bytes(sourceView).CopyTo(Bytes(targetView));

    protected override void DisposeAcceleratorObject(bool disposing)
    {
    }

    private unsafe Span<byte> Bytes(ArrayView<byte> view)
    {
        IContiguousArrayView place = view;
        var address = place.Buffer.NativePtr + (nint)place.IndexInBytes;
        return place.Buffer is PtxBuffer ? memory.At(address, (int)view.Length) : new((void*)address, (int)view.Length);
    }
}
