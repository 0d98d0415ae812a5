using ILGPU.Runtime.Cuda;
using Noether.Kernels.Cuda;

namespace Noether.Devices.Ilgpu;

/// <summary>Marks of two CUDA streams: events.</summary>
internal sealed class CudaCopyMarks(CudaStream work, CudaStream copies) : ICopyMarks
{
    private readonly CudaEvent[] events = [.. Enumerable.Range(0, UploadOrder.Marks).Select(_ => new CudaEvent(work))];
    private readonly CudaEvent copied = new(copies);

    public void Set(int place) => events[place].Record();

    public void HoldCopies(int place)
    {
        copies.Accelerator.Bind();
        events[place].HoldBack(copies);
    }

    public void HoldWork()
    {
        copied.Record();
        work.Accelerator.Bind();
        copied.HoldBack(work);
    }
}
