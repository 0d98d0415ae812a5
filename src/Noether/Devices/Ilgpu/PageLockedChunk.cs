using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using Noether.Kernels.Cuda;

namespace Noether.Devices.Ilgpu;

/// <summary>Page-locked memory and an event: CUDA copies from it without the host.</summary>
internal sealed class PageLockedChunk : IStagingChunk
{
    private readonly CudaStream stream;
    private readonly PageLockedArray1D<byte> memory;
    private readonly CudaEvent mark;

    public PageLockedChunk(CudaStream stream, int bytes)
    {
        this.stream = stream;
        memory = stream.Accelerator.AllocatePageLocked1D<byte>(bytes, uninitialized: true);
        mark = new(stream);
    }

    public Span<byte> Bytes => memory.Span;

    public void Send(int start, ArrayView<byte> destination) => destination.CopyFrom(stream, memory.ArrayView.SubView(start, destination.Length));

    public void Mark() => mark.Record();

    public void Wait() => mark.Wait();
}
