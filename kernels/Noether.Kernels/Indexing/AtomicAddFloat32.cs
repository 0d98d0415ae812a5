using ILGPU;
using ILGPU.Runtime.Cuda;

namespace Noether.Kernels.Indexing;

/// <summary>Of float32.</summary>
public readonly struct AtomicAddFloat32 : IAtomicAdd<float>
{
    // The loop compares bits. That of ILGPU 1.5.3 compares numbers, and does not end where a NaN stands.
    /// <inheritdoc/>
    public static void Add(ArrayView<float> y, long at, float update)
    {
        if (CudaAsm.IsSupported)
        {
            Atomic.Add(ref y[at], update);
            return;
        }

        var bits = y.Cast<uint>();
        uint present = bits[at], before;
        do
        {
            before = present;
            present = Atomic.CompareExchange(ref bits[at], before, Interop.FloatAsInt(Interop.IntAsFloat(before) + update));
        }
        while (present != before);
    }
}
