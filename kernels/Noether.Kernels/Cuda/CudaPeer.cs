using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace Noether.Kernels.Cuda;

/// <summary>Copies between two GPUs in the order of both their streams; the host waits for neither.</summary>
public static class CudaPeer
{
    /// <summary>
    /// Queues a copy behind what <paramref name="from"/> has queued; what is queued on either stream afterwards runs behind the copy, so that the source
    /// may be written again.
    /// </summary>
    /// <remarks>Over NVLink or PCIe where the GPUs reach each other; else the driver goes through the host.</remarks>
    /// <exception cref="CudaDriverException">The driver refuses.</exception>
    public static void Copy(CudaStream from, ArrayView<byte> source, CudaStream to, ArrayView<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        using var written = new CudaEvent(from);
        written.Record();
        to.Accelerator.Bind();
        written.HoldBack(to);
        Driver.CopyBetween(
            to, destination.LoadEffectiveAddressAsPtr(), from.Accelerator.NativePtr, source.LoadEffectiveAddressAsPtr(), destination.Length);
        using var read = new CudaEvent(to);
        read.Record();
        from.Accelerator.Bind();
        read.HoldBack(from);
    }
}
