using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.Copies;
using Noether.Kernels.MatMul;
using Noether.Primitives;

namespace Noether.Devices.Ilgpu;

/// <content>Products of matrices.</content>
internal sealed partial class IlgpuDevice
{
    // Where a dimension is smaller, tiles are mostly empty and the call is what costs.
    private const int LeastDual = 32;

    internal override bool SumsProducts => true;

    internal override void MatMul(View a, View b, View y) => _ = MatMul(a, b, y, adds: false);

    internal override void AddMatMul(View a, View b, View y) => _ = MatMul(a, b, y, adds: true);

    internal override bool JoinsDuals(TensorType product, int terms) =>
        product.DType is DType.Float32 or DType.Float64 && Math.Min(product.Shape[^2], product.Shape[^1]) >= LeastDual;

    // True if the epilogue is done too.
    private bool MatMul(View a, View b, View y, bool adds, Epilogue? epilogue = null) => y.Size > 0 && y.Type switch
    {
        DType.BFloat16 => MatMulNarrow(a, b, y, adds, epilogue),
        DType.Float32 when a.Type == DType.BFloat16 || b.Type == DType.BFloat16 => MatMulNarrow(a, b, y, adds, epilogue),
        DType.Float32 => MatMul<float>(a, b, y, adds, epilogue),
        DType.Float64 => MatMul<double>(a, b, y, adds, epilogue),
        DType.Int32 => MatMul<int>(a, b, y, adds),
        _ => MatMul<long>(a, b, y, adds),
    };

    private bool MatMul<T>(View a, View b, View y, bool adds, Epilogue? epilogue = null)
        where T : unmanaged, INumber<T>
    {
        if (!adds && MultiplyVectors<T>(a, b, y)) return false;
        var temporary = new List<Storage>();
        a = Mappable(a, temporary);
        b = Mappable(b, temporary);
        var (sizes, left) = SizesOf(a, b, y);
        var isDone = Multiply(Whole<T>(a), left, Whole<T>(b), MatricesOf(b.Layout), y, sizes, adds, temporary, epilogue);
        Release(temporary);
        return isDone;
    }

    /// <summary>Products into a dense view, or added to it; a long inner size in parts that are then added up in order, after what was there before.</summary>
    /// <returns>True if the epilogue is done too.</returns>
    private bool Multiply<T>(
        ArrayView<T> a, in MatrixLayout left, ArrayView<T> b, in MatrixLayout right, View y, ProductSizes sizes, bool adds, List<Storage> temporary, Epilogue? epilogue = null)
        where T : unmanaged, INumber<T>
    {
        var choice = MatrixChoiceOf<T>(sizes);
        sizes.Chunk = choice.Chunk;
        if (Bind<T>(epilogue, y, sizes, temporary) is { } bound)
        {
            bound.Program.MatMul(Kernels, choice.Tile, Stream, a, left, b, right, sizes, bound.Operands);
            return true;
        }

        var products = Partials(y, ref sizes, adds, temporary, out var parts);
        MatMulKernels.Launch(Kernels, choice.Tile, Stream, a, left, b, right, Whole<T>(products), sizes);
        AddUp(products, y, parts);
        return false;
    }

    private ProductChoice ChoiceOf<T>(in ProductSizes sizes) => ProductChoice.Of(sizes, typeof(T) == typeof(float), Accelerator.NumMultiprocessors);

    private ProductChoice MatrixChoiceOf<T>(in ProductSizes sizes) => ProductChoice.OfMatrices(sizes, typeof(T) == typeof(float), Accelerator.NumMultiprocessors);

    /// <summary>The result itself, or memory for several that <see cref="AddUp"/> makes one.</summary>
    private View Partials(View result, int parts, List<Storage> temporary)
    {
        if (parts == 1) return result;
        var partials = NewView([parts, .. result.Shape.AsSpan()], result.Type);
        temporary.Add(partials.Storage);
        return partials;
    }

    /// <summary>The same of a product, whose sizes are told where its parts go: behind what is there already if they are added to that.</summary>
    private View Partials(View y, ref ProductSizes sizes, bool adds, List<Storage> temporary, out int parts)
    {
        var before = adds && sizes.Parts > 1 ? 1 : 0;
        parts = sizes.Parts + before;
        var products = Partials(y, parts, temporary);
        if (before != 0) Bytes(y, y.Size).CopyTo(Stream, Bytes(products, y.Size));
        sizes.Start = products.Layout.Offset + before * y.Size;
        sizes.Adds = adds && before == 0 ? 1 : 0;
        return products;
    }

    private void AddUp(View partials, View result, int parts)
    {
        if (parts != 1) Reduce(Reduction.Sum, partials, result, 1, parts, result.Size); // of none: zeros
    }

    // True if the epilogue is done too.
    private bool DualMatMul<T>(View a, View b, View da, View db, View y, View dy, Epilogue? epilogue)
        where T : unmanaged, INumber<T>
    {
        var temporary = new List<Storage>();
        var left = DualOf<T>(Mappable(a, temporary), Mappable(da, temporary));
        var right = DualOf<T>(Mappable(b, temporary), Mappable(db, temporary));
        var sizes = ProductSizes.Of(y.Shape[^2], a.Shape[^1], y.Shape[^1], Batch(y));
        sizes.Start = y.Layout.Offset;
        var tile = typeof(T) == typeof(float) ? ProductTileKind.Medium : ProductTileKind.Small;
        var bound = epilogue is null ? null : Bind<T>(epilogue, [y, dy], y.Shape[^1], temporary);
        if (bound is not null) bound.Program.DualMatMul(Kernels, tile, Stream, left, right, sizes, bound.Operands);
        else MatMulKernels.LaunchDual(Kernels, tile, Stream, left, right, Whole<T>(y), Whole<T>(dy), sizes, dy.Layout.Offset);
        Release(temporary);
        return bound is not null;
    }

    private static DualFactor<T> DualOf<T>(View value, View tangent)
        where T : unmanaged, INumber<T> =>
        new() { Value = Whole<T>(value), Tangent = Whole<T>(tangent), Layout = MatricesOf(value.Layout), TangentLayout = MatricesOf(tangent.Layout) };

    // A batch of left matrices times one right matrix is one product of all their rows, if those lie evenly.
    private static (ProductSizes Sizes, MatrixLayout Left) SizesOf(View a, View b, View y)
    {
        var left = MatricesOf(a.Layout);
        var (rows, batch) = (y.Shape[^2], Batch(y));
        if (batch > 1 && (long)rows * batch <= int.MaxValue && IsShared(b.Layout) && IsOneMatrix(a.Layout))
        {
            left.Batch = IndexMap.Create([1], [0], a.Layout.Offset);
            (rows, batch) = (rows * batch, 1);
        }

        return (ProductSizes.Of(rows, a.Shape[^1], y.Shape[^1], batch), left);
    }

    private static int Batch(View y) => checked((int)(y.Size / ((long)y.Shape[^2] * y.Shape[^1])));

    private static bool IsShared(Layout layout)
    {
        for (var axis = 0; axis < layout.Shape.Rank - 2; axis++)
        {
            if (layout.Shape[axis] != 1 && layout.Strides[axis] != 0) return false;
        }

        return true;
    }

    private static bool IsOneMatrix(Layout layout)
    {
        var step = layout.Shape[^2] * layout.Strides[^2];
        for (var axis = layout.Shape.Rank - 3; axis >= 0; axis--)
        {
            if (layout.Shape[axis] == 1) continue;
            if (layout.Strides[axis] != step) return false;
            step *= layout.Shape[axis];
        }

        return true;
    }

    private static MatrixLayout MatricesOf(Layout layout) => new()
    {
        Batch = IndexMap.Create(layout.Shape.AsSpan()[..^2], layout.Strides[..^2], layout.Offset),
        RowStride = layout.Strides[^2],
        ColumnStride = layout.Strides[^1],
    };
}
