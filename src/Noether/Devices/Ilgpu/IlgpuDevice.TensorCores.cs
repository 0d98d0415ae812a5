using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.Elementwise;
using Noether.Kernels.MatMul;

namespace Noether.Devices.Ilgpu;

/// <content>
/// Products on tensor cores, where there are any: of bfloat16 factors, and of float32 factors read with another precision than the highest.
/// </content>
/// <remarks>
/// The kernels read rows, or columns, that begin at multiples of 16 bytes; factors that lie otherwise are copied, which costs a small part of a large
/// product. Factors to be read as bfloat16 are rounded in a pass of their own: 6 bytes an element once, where the product reads each once for every 128 lines of
/// the other, and reads half as much then. TF32 is rounded by the kernel.
/// </remarks>
internal sealed partial class IlgpuDevice
{
    private ITensorCores? replacedCores;

    internal override bool WidensFactors => TensorCores is not null;

    private ITensorCores? TensorCores => replacedCores ?? session.Value.TensorCores;

    internal override void MatMul(View a, View b, View y, MatMulPrecision precision) => _ = MatMulRounded(a, b, y, precision, epilogue: null);

    /// <summary>Lets tests see what tensor cores are given without having any.</summary>
    internal void Replace(ITensorCores cores) => replacedCores = cores;

    // True if the epilogue is done too; the same below.
    private bool MatMulRounded(View a, View b, View y, MatMulPrecision precision, Epilogue? epilogue)
    {
        if (y.Type != DType.Float32) return MatMul(a, b, y, adds: false, epilogue);
        if (y.Size == 0) return false;
        return Multiply(precision == MatMulPrecision.Tf32 ? TensorCoreFormat.Tf32 : TensorCoreFormat.BFloat16, a, b, y, adds: false, epilogue);
    }

    // Factors of which at least one is bfloat16; beside a float32 one it is widened.
    private bool MatMulNarrow(View a, View b, View y, bool adds, Epilogue? epilogue)
    {
        if (a.Type == b.Type) return Multiply(TensorCoreFormat.BFloat16, a, b, y, adds, epilogue);
        var temporary = new List<Storage>();
        var wide = y.Type == DType.Float32 ? y : Temporary(y.Shape, DType.Float32, temporary);
        var isDone = MatMul<float>(Rows(a, DType.Float32, temporary), Rows(b, DType.Float32, temporary), wide, adds, wide == y ? epilogue : null);
        if (wide != y) Convert(wide, y);
        Release(temporary);
        return isDone;
    }

    private bool Multiply(TensorCoreFormat format, View a, View b, View y, bool adds, Epilogue? epilogue)
    {
        var temporary = new List<Storage>();
        var isDone = Multiply(format, a, b, y, adds, epilogue, temporary);
        Release(temporary);
        return isDone;
    }

    private bool Multiply(TensorCoreFormat format, View a, View b, View y, bool adds, Epilogue? epilogue, List<Storage> temporary)
    {
        var type = format == TensorCoreFormat.Tf32 ? DType.Float32 : DType.BFloat16;
        a = Factor(a, type, temporary);
        b = Factor(b, type, temporary);
        var (sizes, layout) = SizesOf(a, b, y);
        var left = new TensorCoreFactor { Address = AddressOf(a), Layout = layout };
        var right = new TensorCoreFactor { Address = AddressOf(b), Layout = MatricesOf(b.Layout) };
        sizes.Chunk = TensorCoreChoice.ChunkOf(sizes, type.Bytes(), Accelerator.NumMultiprocessors);
        if (Bind<float>(epilogue, y, sizes, temporary) is { } bound)
        {
            TensorCores!.Launch(format, Stream, left, right, bound.Program, bound.Operands, sizes);
            return true;
        }

        if (y.Type == DType.BFloat16 && sizes.Parts == 1 && sizes.Columns % 4 == 0 && y.Layout.Offset % 4 == 0)
        {
            sizes.Start = y.Layout.Offset;
            TensorCores!.Launch(format, Stream, left, right, ArrayView<float>.Empty, AddressOf(y), sizes);
            return false;
        }

        var wide = y.Type == DType.Float32 ? y : Temporary(y.Shape, DType.Float32, temporary);
        var products = Partials(wide, ref sizes, adds, temporary, out var parts);
        TensorCores!.Launch(format, Stream, left, right, Whole<float>(products), 0, sizes);
        AddUp(products, wide, parts);
        if (wide != y) Convert(wide, y);
        return false;
    }

    /// <summary>The factor in a type, as the kernels read it: where it lies if they can.</summary>
    private View Factor(View x, DType type, List<Storage> temporary)
    {
        x = Rows(x, type, temporary);
        return TensorCoreChoice.Reads(MatricesOf(x.Layout), type.Bytes()) ? x : Changed(x, temporary, (matrices, rest) => Padded(matrices, rest));
    }

    /// <summary>The matrices in a type that they may have already, laid out by few enough axes.</summary>
    private View Rows(View x, DType type, List<Storage> temporary) => x.Type == type && HasMap(x.Layout)
        ? x
        : Changed(x, temporary, (matrices, rest) =>
        {
            var dense = Temporary(matrices.Shape, type, rest);
            Convert(matrices, dense);
            return dense;
        });

    /// <summary>Makes a copy of what there is of matrices: along the direction in which they lie, and those that are repeated once.</summary>
    private static View Changed(View x, List<Storage> temporary, Func<View, List<Storage>, View> copy)
    {
        var rank = x.Shape.Rank;
        var turned = MatricesOf(x.Layout).IsColumnMajor;
        var axes = Enumerable.Range(0, rank).ToArray();
        if (turned) (axes[^2], axes[^1]) = (axes[^1], axes[^2]);
        var layout = x.Layout.Permute(axes);
        var whole = layout.Shape;
        var once = whole;
        for (var axis = 0; axis < rank - 2; axis++)
        {
            if (layout.Strides[axis] == 0) once = once.With(axis, 1);
        }

        var copied = copy(x.With(new(once, layout.Strides.ToArray(), layout.Offset)), temporary);
        return copied.With(copied.Layout.BroadcastTo(whole).Permute(axes));
    }

    // Rows of a multiple of 16 bytes.
    private View Padded(View x, List<Storage> temporary)
    {
        var elements = 16 / x.Type.Bytes();
        var columns = (x.Shape[^1] + elements - 1) / elements * elements;
        var room = Temporary(x.Shape.With(-1, columns), x.Type, temporary);
        var padded = room.With(new(x.Shape, room.Layout.Strides.ToArray(), 0));
        Copy(x, padded);
        return padded;
    }

    private void Convert(View x, View y)
    {
        if (x.Size == 0) return;
        var temporary = new List<Storage>();
        var (inputs, accesses, maps) = Operands([x], x.Size, temporary);
        var program = new LaneProgram();
        program.Output(program.Cast(program.Input((ElementType)x.Type, accesses[0]), (ElementType)y.Type));
        Kernels.Get(program).Launch(Stream, y.Size, inputs, maps, [Bytes(y, y.Size)]);
        Release(temporary);
    }

    private static long AddressOf(View view) => Block(view.Storage).LoadEffectiveAddressAsPtr();
}
