using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.Reductions;

/// <summary>Views as quads.</summary>
internal static class Quads
{
    // The widest load of a thread.
    private const int Bytes = 16;

    /// <summary>The view in quads, for kernels whose launcher has asked <see cref="Suit{T}"/>. Inside kernels only.</summary>
    public static ArrayView<Quad<T>> Of<T>(ArrayView<T> view)
        where T : unmanaged => view.Cast<Quad<T>>().AsAligned(Bytes);

    /// <summary>True if a view begins where a thread may load 16 bytes, and at a whole quad, in which the simulator counts places: buffers themselves do.</summary>
    public static bool Suit<T>(ArrayView<T> view)
        where T : unmanaged => ((IContiguousArrayView)view).IndexInBytes % Math.Max(Bytes, Interop.SizeOf<Quad<T>>()) == 0;
}
