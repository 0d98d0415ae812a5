using System.Runtime.CompilerServices;

namespace Noether.Kernels.MatMul;

/// <summary>
/// The tile that four warps make on tensor cores, and where everything lies in shared memory: plain functions, so that tests can count on the CPU which
/// banks a warp touches.
/// </summary>
/// <remarks>
/// A stage is 128 lines x 128 bytes of each factor. A factor read along the depth lies [line, depth]: rows of 128 bytes. One read across lines lies
/// [depth, line]: rows of 256 bytes of bfloat16, of 512 bytes of float32. The unit is a chunk of 16 bytes, which is what cp.async copies and what a lane of
/// ldmatrix names. Chunk j of row i lies at j xor <see cref="Swizzle"/>(i): eight chunks that an instruction touches at once then lie in different banks,
/// without any padding. A warp adds up 64 x 64 elements; in a step of 32 bytes of the depth it reads 4 KiB of shared memory for 32 mma.
/// The swizzle touches bits 4 to 6 of an address and the tile's own places are multiples, so what a warp reads next is always the first place xor
/// 32, 64 or 96, or plus a constant.
/// </remarks>
internal static class TensorCoreTile
{
    /// <summary>Rows and columns of the result that a group makes.</summary>
    public const int Lines = 128;

    /// <summary>Threads of a group: four warps, two by two.</summary>
    public const int Threads = 128;

    /// <summary>Bytes of the depth in a stage: 32 float32, 64 bfloat16.</summary>
    public const int DepthBytes = 128;

    /// <summary>Bytes of a factor in a stage.</summary>
    public const int FactorBytes = Lines * DepthBytes;

    /// <summary>Bytes of both.</summary>
    public const int StageBytes = 2 * FactorBytes;

    /// <summary>Stages in shared memory: one is multiplied, two are on their way.</summary>
    public const int Stages = 3;

    /// <summary>Bytes of shared memory: 96 KiB, so that a multiprocessor of 228 KiB holds two groups, and one of 100 KiB one.</summary>
    public const int SharedBytes = Stages * StageBytes;

    /// <summary>From one of a thread's eight copies of a factor to the next in shared memory.</summary>
    public const int CopyBytes = Threads * ChunkBytes;

    /// <summary>Floats from one row of the result to the next in shared memory: 8 more than there are, so that half a warp's stores lie apart.</summary>
    public const int ResultStride = Lines + 8;

    private const int ChunkBytes = 16;

    private const int WarpLines = 64;

    /// <summary>Elements of the depth in a stage.</summary>
    public static int Depth<TNumber>()
        where TNumber : struct, ITensorCoreNumber => DepthBytes / TNumber.Bytes;

    /// <summary>Elements of a chunk.</summary>
    public static int Elements<TNumber>()
        where TNumber : struct, ITensorCoreNumber => ChunkBytes / TNumber.Bytes;

    /// <summary>Chunks of a row.</summary>
    public static int Chunks<TNumber, TOrder>()
        where TNumber : struct, ITensorCoreNumber
        where TOrder : struct, IFactorOrder => TOrder.IsAlongDepth ? DepthBytes / ChunkBytes : Lines * TNumber.Bytes / ChunkBytes;

    /// <summary>Rows that the group copies at once.</summary>
    public static int RowsAtOnce<TNumber, TOrder>()
        where TNumber : struct, ITensorCoreNumber
        where TOrder : struct, IFactorOrder => Threads / Chunks<TNumber, TOrder>();

    /// <summary>
    /// What a row's chunks are moved by. ldmatrix reads one chunk of eight rows; the fragments of float32 across lines are read by plain loads, each two
    /// chunks of four rows.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Swizzle<TNumber, TOrder>(int row)
        where TNumber : struct, ITensorCoreNumber
        where TOrder : struct, IFactorOrder => TOrder.IsAlongDepth || TNumber.Bytes == 2 ? row & 7 : (row & 3) << 1;

    /// <summary>Where a chunk lies in its factor's part of a stage, in bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Place<TNumber, TOrder>(int row, int chunk)
        where TNumber : struct, ITensorCoreNumber
        where TOrder : struct, IFactorOrder =>
        (row * Chunks<TNumber, TOrder>() + (chunk ^ Swizzle<TNumber, TOrder>(row))) * ChunkBytes;

    /// <summary>Where a lane's first address lies in the left factor: row j of ldmatrix's matrix i by lane 8·i + j, or the lane's own first element.</summary>
    /// <remarks>The four registers of a fragment: lines 0-7 and 8-15 of the first half of the depth, then of the second.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LeftPlace<TNumber, TOrder>(int thread)
        where TNumber : struct, ITensorCoreNumber
        where TOrder : struct, IFactorOrder
    {
        var first = thread / 64 * WarpLines;
        var (row, matrix) = (thread & 7, thread / 8 & 3);
        if (TOrder.IsAlongDepth) return Place<TNumber, TOrder>(first + (matrix & 1) * 8 + row, matrix >> 1);
        return TNumber.Bytes == 2
            ? Place<TNumber, TOrder>((matrix >> 1) * 8 + row, first / 8 + (matrix & 1))
            : ElementPlace<TNumber, TOrder>(first, thread);
    }

    /// <summary>As <see cref="LeftPlace"/> in the right factor: a pair of fragments is both halves of the depth of lines 0-7, then of lines 8-15.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RightPlace<TNumber, TOrder>(int thread)
        where TNumber : struct, ITensorCoreNumber
        where TOrder : struct, IFactorOrder
    {
        var first = (thread / 32 & 1) * WarpLines;
        var (row, matrix) = (thread & 7, thread / 8 & 3);
        if (TOrder.IsAlongDepth) return Place<TNumber, TOrder>(first + (matrix >> 1) * 8 + row, matrix & 1);
        return TNumber.Bytes == 2
            ? Place<TNumber, TOrder>((matrix & 1) * 8 + row, first / 8 + (matrix >> 1))
            : ElementPlace<TNumber, TOrder>(first, thread);
    }

    /// <summary>Where a thread's first two elements of the result go in shared memory, in bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ResultPlace(int thread) =>
        ((thread / 64 * WarpLines + (thread & 31) / 4) * ResultStride + (thread / 32 & 1) * WarpLines + (thread & 3) * 2) * sizeof(float);

    // Lane 4·i + j holds line i at depth j.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ElementPlace<TNumber, TOrder>(int first, int thread)
        where TNumber : struct, ITensorCoreNumber
        where TOrder : struct, IFactorOrder
    {
        var line = first + (thread & 31) / 4;
        return Place<TNumber, TOrder>(thread & 3, line / 4) + line % 4 * TNumber.Bytes;
    }
}
