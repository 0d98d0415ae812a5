using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace Noether.Kernels.MatMul;

/// <summary>Which products tensor cores make, and in how many parts.</summary>
public static class TensorCoreChoice
{
    // A multiprocessor multiplies a tile's 2 KiB of depth in about the time in which it writes a partial tile and reads it again.
    private const int LeastBytes = 2048;

    private const int MostParts = 32;

    // As many as a multiprocessor holds at once.
    private const int GroupsAProcessor = 2;

    /// <summary>True if the accelerator has what the kernels use: CUDA from compute capability 8.0 on.</summary>
    public static bool Supports(Accelerator accelerator) => accelerator is CudaAccelerator cuda && cuda.Architecture.Major >= 8;

    /// <summary>True if every row, or every column, of every matrix begins at a multiple of 16 bytes and lies side by side.</summary>
    /// <param name="layout">The layout, in memory that begins at a multiple of 16 bytes.</param>
    /// <param name="bytes">Of an element.</param>
    public static bool Reads(in MatrixLayout layout, int bytes)
    {
        var elements = 16 / bytes;
        return layout.Batch.IsMultipleOf(elements)
            && (layout.IsColumnMajor ? layout.ColumnStride % elements == 0 : layout.ColumnStride == 1 && layout.RowStride % elements == 0);
    }

    /// <summary>What one group sums of the inner size: all of it, unless that leaves multiprocessors idle. <see cref="ProductSizes.Chunk"/>.</summary>
    /// <param name="sizes">The products.</param>
    /// <param name="bytes">Of a factor's element.</param>
    /// <param name="processors">Multiprocessors of the device.</param>
    public static int ChunkOf(in ProductSizes sizes, int bytes, int processors)
    {
        var inner = Math.Max(sizes.Inner, 1);
        var groups = Math.Max(1, ProductPlace.Groups(sizes with { Chunk = inner }, TensorCoreTile.Lines));
        var parts = (int)Math.Clamp(GroupsAProcessor * processors / groups, 1, Math.Clamp((long)inner * bytes / LeastBytes, 1, MostParts));
        var depth = TensorCoreTile.DepthBytes / bytes;
        return parts == 1 ? inner : (((inner + parts - 1) / parts) + depth - 1) / depth * depth;
    }

    /// <summary>True if the kernel without bounds makes the products: tiles cover them, stages the depth, and rows of results begin at fours.</summary>
    internal static bool AreWhole(in ProductSizes sizes, int bytes)
    {
        var depth = TensorCoreTile.DepthBytes / bytes;
        return sizes.Rows % TensorCoreTile.Lines == 0 && sizes.Columns % TensorCoreTile.Lines == 0
            && sizes.Inner % depth == 0 && (sizes.Parts == 1 || sizes.Chunk % depth == 0) && sizes.Start % 4 == 0;
    }
}
