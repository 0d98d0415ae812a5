using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Noether.Kernels.Lanes;

namespace Noether.Devices.Host;

/// <summary>Stores that pass the caches by, for results that would not stay there anyway.</summary>
/// <remarks>
/// An ordinary store first reads its cache line; one to memory that does not fit the caches so costs a read and a write. A streaming store
/// of whole lines is the write alone: a layer norm of 16 MiB and its gradient take 3.25 ms instead of 3.8 on one Zen 4 core. What is read again
/// soon must not be streamed: results below half of a usual third-level cache are not. (Softmax and cross-entropy, bound by their exponentials, gain nothing.)
/// </remarks>
internal static unsafe class Streaming
{
    // From so many bytes on a result is streamed.
    private const long Threshold = 16 << 20;

    /// <summary>True if rows of n elements may be streamed: they are whole lines, and all of them more than the caches hold.</summary>
    public static bool Suits<T>(T* to, long rows, long n)
        where T : unmanaged => rows * n * sizeof(T) >= Threshold && (nint)to % 64 == 0 && n * sizeof(T) % 64 == 0;

    /// <summary>Streams one aligned register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<V, T>(V x, T* to)
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged
    {
        if (Unsafe.SizeOf<V>() == 64) Unsafe.BitCast<V, Vector512<T>>(x).StoreAlignedNonTemporal(to);
        else if (Unsafe.SizeOf<V>() == 32) Unsafe.BitCast<V, Vector256<T>>(x).StoreAlignedNonTemporal(to);
        else Unsafe.BitCast<V, Vector128<T>>(x).StoreAlignedNonTemporal(to);
    }
}
