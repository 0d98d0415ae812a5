using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace Noether.Kernels.Tests;

/// <summary>What ILGPU is told of the machine: a Hopper card of one processor. Only Hopper's limits on groups count.</summary>
[DeviceType(AcceleratorType.Cuda)]
internal sealed class PtxDevice : Device
{
    public PtxDevice()
    {
        Name = "PTX machine";
        MemorySize = 1 << 30;
        MaxGridSize = new(int.MaxValue, ushort.MaxValue, ushort.MaxValue);
        MaxGroupSize = new(1024, 1024, 64);
        MaxNumThreadsPerGroup = 1024;
        MaxSharedMemoryPerGroup = 48 << 10;
        MaxConstantMemory = 64 << 10;
        WarpSize = 32;
        NumMultiprocessors = 1;
        MaxNumThreadsPerMultiprocessor = 2048;
        Capabilities = new CudaCapabilityContext(CudaArchitecture.SM_90);
    }

    public override Accelerator CreateAccelerator(Context context) => new PtxAccelerator(context, this);
}
