using ILGPU;
using ILGPU.Runtime;
using Noether.Graphs;
using Noether.Kernels.Copies;
using Noether.Kernels.Elementwise;

namespace Noether.Devices.Ilgpu;

internal sealed partial class IlgpuDevice
{
    internal override void Map(ElementwiseGroup group, View[] x, View[] y)
    {
        var count = y[0].Size;
        if (count == 0) return;
        var compiled = CompiledGroup.Of(group);
        var temporary = new List<Storage>();
        var (inputs, accesses, maps) = Operands(x, count, temporary);
        var outputs = Array.ConvertAll(y, v => Bytes(v, count));
        compiled.Kernel(Kernels, accesses).Launch(Stream, count, inputs, maps, outputs, compiled.Numbers);
        Release(temporary);
    }

    // Where a group's inputs lie, and how. In runs and repetitions only if the traversal goes by fours.
    private (ArrayView<byte>[] Inputs, InputAccess[] Accesses, IndexMap[] Maps) Operands(View[] x, long count, List<Storage> temporary, bool hasFours = true)
    {
        var inputs = new ArrayView<byte>[x.Length];
        var accesses = new InputAccess[x.Length];
        var maps = new List<IndexMap>();
        for (var i = 0; i < x.Length; i++)
        {
            var view = Mappable(x[i], temporary);
            accesses[i] = AccessOf(view.Layout);
            if (accesses[i] == InputAccess.Strided)
            {
                var map = MapOf(view.Layout);
                if (hasFours) accesses[i] = ElementwiseKernel.AccessOf(map);
                maps.Add(map);
            }

            inputs[i] = accesses[i] switch
            {
                InputAccess.Contiguous => Bytes(view, count),
                InputAccess.Single => Bytes(view, 1),
                _ => Block(view.Storage),
            };
        }

        return (inputs, accesses, [.. maps]);
    }

    internal override void Copy(View x, View y)
    {
        if (x.Size == 0) return;
        if (!HasMap(x.Layout) || !HasMap(y.Layout))
        {
            CopySlices(x, y);
            return;
        }

        var layout = CopyLayout.Create(x.Shape.AsSpan(), x.Layout.Strides, x.Layout.Offset, y.Layout.Strides, y.Layout.Offset);
        Kernels.Get(static accelerator => new CopyKernels(accelerator)).Launch(Stream, Block(x.Storage), Block(y.Storage), layout, x.Type.Bytes());
    }

    internal override void Zero(View y)
    {
        if (y.Size > 0) Bytes(y, y.Size).MemSetToZero(Stream);
    }

    internal override void Iota(View y)
    {
        if (y.Size == 0) return;
        var program = new LaneProgram();
        program.Output(program.Iota((ElementType)y.Type));
        Kernels.Get(program).Launch(Stream, y.Size, [], [], [Bytes(y, y.Size)]);
    }

    // More axes than an index map takes: one copy for each place along the first axis that has several.
    private void CopySlices(View x, View y)
    {
        var axis = 0;
        while (x.Shape[axis] == 1) axis++;
        int[] starts = new int[x.Shape.Rank], steps = new int[x.Shape.Rank];
        Array.Fill(steps, 1);
        var slice = x.Shape.With(axis, 1);
        for (var i = 0; i < x.Shape[axis]; i++)
        {
            starts[axis] = i;
            Copy(x.With(x.Layout.Slice(starts, steps, slice)), y.With(y.Layout.Slice(starts, steps, slice)));
        }
    }

    /// <summary>The view, or a dense copy if it has more axes than kernels take.</summary>
    private View Mappable(View view, List<Storage> temporary) => HasMap(view.Layout) ? view : Contiguous(view, temporary);

    /// <summary>The view, or a dense copy.</summary>
    private View Contiguous(View view, List<Storage> temporary)
    {
        if (view.Layout.IsContiguous) return view;
        var dense = NewView(view.Shape, view.Type);
        temporary.Add(dense.Storage);
        Copy(view, dense);
        return dense;
    }

    private static void Release(List<Storage> temporary)
    {
        foreach (var storage in temporary) storage.Release();
    }

    // Contiguous before Single: one element is both, and then needs no kernel of its own.
    private static InputAccess AccessOf(Layout layout)
    {
        if (layout.IsContiguous) return InputAccess.Contiguous;
        for (var axis = 0; axis < layout.Shape.Rank; axis++)
        {
            if (layout.Shape[axis] != 1 && layout.Strides[axis] != 0) return InputAccess.Strided;
        }

        return InputAccess.Single;
    }

    private static bool HasMap(Layout layout)
    {
        var axes = 0;
        foreach (var size in layout.Shape.AsSpan())
        {
            if (size != 1) axes++;
        }

        return axes <= IndexMap.MaxRank || layout.IsContiguous;
    }

    private static IndexMap MapOf(Layout layout) =>
        layout.IsContiguous ? IndexMap.Contiguous(layout.Offset) : IndexMap.Create(layout.Shape.AsSpan(), layout.Strides, layout.Offset);
}
