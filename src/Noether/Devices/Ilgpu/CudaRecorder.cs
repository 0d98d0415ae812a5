using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using Noether.Kernels.Cuda;

namespace Noether.Devices.Ilgpu;

/// <summary>Records work as CUDA graphs.</summary>
internal sealed class CudaRecorder(CudaStream stream) : IWorkRecorder
{
    public IRecordedWork Record(Action work)
    {
        try
        {
            return new Work(CudaGraph.Capture(stream, work));
        }
        catch (Exception error) when (error is CudaDriverException or AcceleratorException or DeviceException)
        {
            throw new RecordingException($"cannot be recorded: {error.Message}", error);
        }
    }

    private sealed class Work(CudaGraph graph) : IRecordedWork
    {
        public void Launch() => graph.Launch();

        public void Dispose() => graph.Dispose();
    }
}
