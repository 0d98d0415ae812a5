using Noether.Kernels.Lanes;

namespace Noether.Kernels.Rows;

/// <summary>How the threads of a row join what each has folded; every thread of the group must come.</summary>
public interface IRowJoin
{
    /// <summary>The joined value, given to each thread of the row.</summary>
    /// <param name="part">What the calling thread has.</param>
    /// <param name="lanes">Threads a row: a power of two, at most a warp or else the whole group.</param>
    static abstract V Join<TOperation, V>(V part, int lanes)
        where TOperation : struct, IRowOperation
        where V : unmanaged, IFloatLanes<V>;
}
