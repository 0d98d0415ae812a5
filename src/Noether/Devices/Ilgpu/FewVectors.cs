using Noether.Kernels.MatMul;

namespace Noether.Devices.Ilgpu;

/// <summary>A product as matrices [batch, lines, depth] with a few vectors [batch or 1, vectors, depth] each.</summary>
internal sealed class FewVectors
{
    private long vectorBatchStride;

    /// <summary>The matrices.</summary>
    public required View Matrices { get; init; }

    /// <summary>The vectors, one matrix's if all have the same.</summary>
    public required View Vectors { get; init; }

    /// <summary>True if kernels take the vectors as they lie.</summary>
    public bool AreDense { get; private set; }

    public int Count => Vectors.Shape[^2];

    public int Batch { get; private set; }

    public long BatchStride { get; private set; }

    public long LineStride { get; private set; }

    public long DepthStride { get; private set; }

    private int LineStep { get; init; }

    private int VectorStep { get; init; }

    /// <summary>The product, if the matrices lie evenly and side by side in one direction; else null.</summary>
    /// <param name="matrices">[..., lines, depth].</param>
    /// <param name="vectors">[..., vectors, depth].</param>
    /// <param name="batch">How many matrices.</param>
    /// <param name="lineStep">From a line's results to the next's.</param>
    /// <param name="vectorStep">From a vector's results to the next's.</param>
    public static FewVectors? Of(View matrices, View vectors, int batch, int lineStep, int vectorStep)
    {
        int lines = matrices.Shape[^2], depth = matrices.Shape[^1];
        var (lineStride, depthStride) = (lines == 1 ? 0 : matrices.Layout.Strides[^2], depth <= 1 ? 1 : matrices.Layout.Strides[^1]);
        if ((lineStride != 1 && depthStride != 1) || StrideOf(matrices.Layout) is not { } batchStride) return null;
        var stride = StrideOf(vectors.Layout);
        if (stride == 0) vectors = vectors.With(new([vectors.Shape[^2], depth], vectors.Layout.Strides[^2..].ToArray(), vectors.Layout.Offset));
        var areDense = stride is not null && (depth <= 1 || vectors.Layout.Strides[^1] == 1) && (vectors.Shape[^2] == 1 || vectors.Layout.Strides[^2] == depth);
        return new()
        {
            Matrices = matrices,
            Vectors = vectors,
            AreDense = areDense,
            Batch = batch,
            BatchStride = batchStride,
            LineStride = lineStride,
            DepthStride = depthStride,
            LineStep = lineStep,
            VectorStep = vectorStep,
            vectorBatchStride = areDense ? stride!.Value : stride == 0 ? 0 : (long)vectors.Shape[^2] * depth,
        };
    }

    /// <summary>Where all lies once the vectors are dense.</summary>
    public VectorPlaces Places(View dense, long resultStart) => new()
    {
        MatrixStart = Matrices.Layout.Offset,
        VectorStart = dense.Layout.Offset,
        VectorBatchStride = vectorBatchStride,
        Depth = Matrices.Shape[^1],
        ResultStart = resultStart,
        LineStep = LineStep,
        VectorStep = VectorStep,
        Lines = Matrices.Shape[^2],
        Vectors = Count,
    };

    // From a matrix of a batch to the next, 0 if they are one; null if it is not the same from each to the next.
    private static long? StrideOf(Layout layout)
    {
        var (stride, step) = ((long?)null, 0L);
        for (var axis = layout.Shape.Rank - 3; axis >= 0; axis--)
        {
            if (layout.Shape[axis] == 1) continue;
            if (stride is not null && layout.Strides[axis] != step) return null;
            stride ??= layout.Strides[axis];
            step = layout.Strides[axis] * layout.Shape[axis];
        }

        return stride ?? 0;
    }
}
