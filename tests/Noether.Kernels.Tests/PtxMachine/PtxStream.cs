using ILGPU.Runtime;

namespace Noether.Kernels.Tests;

/// <summary>A stream of <see cref="PtxAccelerator"/>, which does everything at once.</summary>
internal sealed class PtxStream(Accelerator accelerator) : AcceleratorStream(accelerator)
{
    public override void Synchronize()
    {
    }

    protected override ProfilingMarker AddProfilingMarkerInternal() => throw new NotSupportedException();

    protected override void DisposeAcceleratorObject(bool disposing)
    {
    }
}
