using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels;

/// <summary>Views as fours.</summary>
internal static class Fours
{
    /// <summary>The view in fours, from a place where the first of them is aligned to all four. Inside kernels only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ArrayView<Four<T>> Of<T>(ArrayView<T> view)
        where T : unmanaged, INumber<T> => view.AsAligned(MemoryAlignment<T>()).Cast<Four<T>>();

    // What memory must be aligned to: no instruction moves more than 16 bytes, and the simulator's buffers are aligned to no more.
    private static int MemoryAlignment<T>()
        where T : unmanaged => Interop.SizeOf<T>() >= 4 ? 16 : 4 * Interop.SizeOf<T>();
}
