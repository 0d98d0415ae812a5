using ILGPU;
using Noether.Kernels.Lanes;

namespace Noether.Kernels.Rows;

/// <summary>A tree in shared memory, for accelerators without shuffles.</summary>
public readonly struct SharedJoin : IRowJoin
{
    /// <inheritdoc/>
    public static V Join<TOperation, V>(V part, int lanes)
        where TOperation : struct, IRowOperation
        where V : unmanaged, IFloatLanes<V>
    {
        var parts = SharedMemory.Allocate<V>(Grids.MaxThreads);
        var lane = Group.IdxX & (lanes - 1);
        parts[Group.IdxX] = part;
        Group.Barrier();
        for (var half = lanes / 2; half > 0; half /= 2)
        {
            if (lane < half) parts[Group.IdxX] = TOperation.Join(parts[Group.IdxX], parts[Group.IdxX + half]);
            Group.Barrier();
        }

        var joined = parts[Group.IdxX - lane];
        Group.Barrier(); // the next call writes here
        return joined;
    }
}
