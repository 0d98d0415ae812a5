using ILGPU.Runtime.Cuda;
using Noether.Kernels.Cuda;

namespace Noether.Devices.Ilgpu;

internal sealed partial class IlgpuDevice
{
    internal override bool CopiesFrom(Device other) => other is IlgpuDevice { Stream: CudaStream } && Stream is CudaStream;

    internal override void CopyFrom(View x, View y)
    {
        if (x.Size == 0) return;
        var source = (IlgpuDevice)x.Storage.Device;

        // Both queues, always in one order: two threads may copy in opposite directions.
        var (first, second) = string.CompareOrdinal(Name, source.Name) < 0 ? (queue, source.queue) : (source.queue, queue);
        lock (first)
        {
            lock (second)
            {
                source.Cross("copy to another device");
                Cross("copy from another device");
                try
                {
                    CudaPeer.Copy((CudaStream)source.Stream, Bytes(x, x.Size), (CudaStream)Stream, Bytes(y, y.Size));
                }
                catch (Exception error) when (DeviceFailure.Is(error))
                {
                    throw Failed($"copy from {source}", error);
                }
            }
        }
    }
}
