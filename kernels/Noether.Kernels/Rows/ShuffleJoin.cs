using ILGPU;
using Noether.Kernels.Lanes;

namespace Noether.Kernels.Rows;

/// <summary>Butterflies of shuffles inside a warp; the warps of a longer row meet in shared memory.</summary>
public readonly struct ShuffleJoin : IRowJoin
{
    /// <inheritdoc/>
    public static V Join<TOperation, V>(V part, int lanes)
        where TOperation : struct, IRowOperation
        where V : unmanaged, IFloatLanes<V>
    {
        var parts = SharedMemory.Allocate<V>(Grids.MaxThreads);
        var width = lanes < Warp.WarpSize ? lanes : Warp.WarpSize;
        for (var mask = width / 2; mask > 0; mask /= 2)
            part = TOperation.Join(part, Warp.ShuffleXor(part, mask));
        if (lanes <= Warp.WarpSize) return part;

        var warp = Group.IdxX / Warp.WarpSize;
        if (Group.IdxX == warp * Warp.WarpSize) parts[warp] = part;
        Group.Barrier();
        var joined = parts[0];
        for (var other = 1; other < Group.DimX / Warp.WarpSize; other++)
            joined = TOperation.Join(joined, parts[other]);
        Group.Barrier(); // the next call writes here
        return joined;
    }
}
