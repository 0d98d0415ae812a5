using System.Numerics;
using ILGPU;
using Noether.Kernels.Copies;
using Noether.Kernels.Elementwise;
using Noether.Kernels.MatMul;
using Noether.Primitives;

namespace Noether.Devices.Ilgpu;

/// <content>
/// Groups in the kernels of the products that they read: while the results are in registers, of tensor cores in shared memory. A product that is summed in
/// parts is not final before these are added up; it, products with a few vectors, integers, and long groups take a kernel for the group.
/// </content>
internal sealed partial class IlgpuDevice
{
    internal override bool TakesEpilogues => true;

    internal override void MatMul(View a, View b, View y, Epilogue epilogue)
    {
        if (!MatMul(a, b, y, adds: false, epilogue)) Map(epilogue.Group, epilogue.X, epilogue.Y);
    }

    internal override void MatMul(View a, View b, View y, MatMulPrecision precision, Epilogue epilogue)
    {
        if (!MatMulRounded(a, b, y, precision, epilogue)) Map(epilogue.Group, epilogue.X, epilogue.Y);
    }

    internal override void DualMatMul(View a, View b, View da, View db, View y, View dy, Epilogue? epilogue)
    {
        if (y.Size > 0)
        {
            var isDone = y.Type switch
            {
                DType.Float32 => DualMatMul<float>(a, b, da, db, y, dy, epilogue),
                DType.Float64 => DualMatMul<double>(a, b, da, db, y, dy, epilogue),
                _ => throw new DeviceException($"{this}: no product of {y.Type.Name()} with its tangent"),
            };
            if (isDone) return;
        }

        if (epilogue is not null) Map(epilogue.Group, epilogue.X, epilogue.Y);
    }

    internal override void Convolve(Convolution convolution, View x, View w, View y, Epilogue epilogue)
    {
        var isDone = y.Size > 0 && y.Type switch
        {
            DType.Float32 => Convolve<float>(convolution, x, w, y, epilogue),
            DType.Float64 => Convolve<double>(convolution, x, w, y, epilogue),
            _ => false,
        };
        if (isDone) return;
        Convolve(convolution, x, w, y);
        Map(epilogue.Group, epilogue.X, epilogue.Y);
    }

    internal override void ChannelMix(View w, View x, View rows, View columns, View y, Epilogue epilogue)
    {
        var isDone = y.Size is > 0 and <= int.MaxValue
            && (y.Type == DType.Float32 ? ChannelMix<float>(w, x, rows, columns, y, epilogue) : ChannelMix<double>(w, x, rows, columns, y, epilogue));
        if (isDone) return;
        ChannelMix(w, x, rows, columns, y);
        Map(epilogue.Group, epilogue.X, epilogue.Y);
    }

    private bool Convolve<T>(Convolution convolution, View x, View w, View y, Epilogue epilogue)
        where T : unmanaged, INumber<T>
    {
        var temporary = new List<Storage>();
        w = Contiguous(w, temporary);
        var sizes = SizesOf(convolution, x, w, y);
        BoundEpilogue<T>? bound = null;
        if (!IsDirect(sizes))
        {
            var tile = Choose<T>(ref sizes);
            bound = sizes.Product.Parts == 1 ? Bind<T>(epilogue, [y], sizes.Output.Product, temporary) : null;
            bound?.Program.Convolve(Kernels, tile, Stream, Whole<T>(x), Whole<T>(w), sizes, bound.Operands);
        }

        Release(temporary);
        return bound is not null;
    }

    private bool ChannelMix<T>(View w, View x, View rows, View columns, View y, Epilogue epilogue)
        where T : unmanaged, INumber<T>
    {
        var sizes = SizesOf(w, x, rows, columns, y);
        var temporary = new List<Storage>();
        var bound = Bind<T>(epilogue, [y], sizes.Product.Columns, temporary);
        var tile = ChoiceOf<T>(sizes.Product).Tile;
        if (tile == ProductTileKind.Large) tile = ProductTileKind.Medium; // with its terms and a program the large one spills on sm_80
        bound?.Program.MixChannels(
            Kernels, tile, Stream, Whole<T>(w), Whole<T>(x), Whole<T>(rows), Whole<T>(columns), sizes, bound.Operands);
        Release(temporary);
        return bound is not null;
    }

    /// <summary>The epilogue for the kernel of a product of matrices, if there is one and the product's sums are not in parts; null too if the group is better run by itself.</summary>
    private BoundEpilogue<T>? Bind<T>(Epilogue? epilogue, View y, in ProductSizes sizes, List<Storage> temporary)
        where T : unmanaged, INumber<T> => epilogue is null || sizes.Parts != 1 ? null : Bind<T>(epilogue, [y], sizes.Columns, temporary);

    /// <summary>The epilogue for a product's kernel; null if the group is better run by itself.</summary>
    /// <param name="epilogue">The group and where its operands lie.</param>
    /// <param name="results">The product, and its tangent if it has one.</param>
    /// <param name="width">How many results lie behind one another in the tile's rows.</param>
    /// <param name="temporary">Takes copies of operands that have too many axes.</param>
    private BoundEpilogue<T>? Bind<T>(Epilogue epilogue, View[] results, int width, List<Storage> temporary)
        where T : unmanaged, INumber<T>
    {
        var count = results[0].Size;
        var (inputs, accesses, maps) = Operands(epilogue.X, count, temporary, hasFours: width % 4 == 0);
        var kept = new List<int>();
        var outputs = new List<View>(epilogue.Y);
        for (var r = 0; r < results.Length; r++)
        {
            var input = Array.FindIndex(epilogue.X, x => x.Storage == results[r].Storage);
            if (input >= 0 && accesses[input] != InputAccess.Contiguous) return null;
            if (input >= 0) accesses[input] = r == 0 ? InputAccess.Product : InputAccess.Tangent;
            if (!epilogue.Keeps[r]) continue;
            if (input < 0) return null;
            kept.Add(input);
            outputs.Add(results[r]);
        }

        var compiled = CompiledGroup.Of(epilogue.Group);
        if (compiled.Epilogue<T>(Kernels, accesses, [.. kept]) is not { } program) return null;
        var bound = new BoundEpilogue<T>(program, inputs, maps, [.. outputs.Select(y => Bytes(y, count))], compiled.Numbers);
        return ProductEpilogue<T>.Suits(bound.Operands, count) ? bound : null;
    }

    // A group's program and where its operands lie.
    private sealed class BoundEpilogue<T>(ProductEpilogue<T> program, ArrayView<byte>[] inputs, IndexMap[] maps, ArrayView<byte>[] outputs, long[] numbers)
        where T : unmanaged, INumber<T>
    {
        public ProductEpilogue<T> Program => program;

        public EpilogueOperands Operands => new() { Inputs = inputs, Maps = maps, Outputs = outputs, Numbers = numbers };
    }
}
