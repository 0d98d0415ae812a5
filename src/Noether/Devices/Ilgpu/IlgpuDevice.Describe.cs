using ILGPU.Runtime;
using Noether.Kernels;

namespace Noether.Devices.Ilgpu;

internal sealed partial class IlgpuDevice
{
    /// <inheritdoc/>
    public override DeviceInfo Describe()
    {
        try
        {
            var isProcessor = Accelerator.AcceleratorType == AcceleratorType.CPU || AcceleratorDescription.IsProcessor(Accelerator);
            return new(
                Name,
                isProcessor ? HardwareKind.ProcessorAsAccelerator : HardwareKind.Accelerator,
                Accelerator.Name,
                AcceleratorDescription.Driver(Accelerator),
                Accelerator.MemorySize,
                AcceleratorDescription.Properties(Accelerator));
        }
        catch (Exception error) when (error is AcceleratorAbsentException || DeviceFailure.Is(error))
        {
            throw new DeviceException($"{Name}: {error.Message}", error);
        }
    }
}
