using System.Numerics;
using ILGPU;
using Noether.Kernels.Attention;
using Noether.Primitives;

namespace Noether.Devices.Ilgpu;

internal sealed partial class IlgpuDevice
{
    // Columns of a narrow panel: results that are wider take two tiles of registers a thread, where these are of float32.
    private const int NarrowColumns = 64;

    internal override void Attend(Attention attention, View[] x, View[] y)
    {
        if (y[1].Size == 0) return;
        if (y[0].Type != DType.Float32) Attend<double, AttentionNumber64, NarrowPanel>(attention, x, y);
        else if (x[2].Shape[^1] <= NarrowColumns) Attend<float, AttentionNumber32, NarrowPanel>(attention, x, y);
        else Attend<float, AttentionNumber32, WidePanel>(attention, x, y);
    }

    internal override void AttendTangent(AttentionTangent tangent, View[] x, View[] y)
    {
        if (y[1].Size == 0) return;
        if (y[0].Type != DType.Float32) AttendTangent<double, AttentionNumber64, NarrowPanel>(tangent, x, y);
        else if (x[2].Shape[^1] <= NarrowColumns) AttendTangent<float, AttentionNumber32, NarrowPanel>(tangent, x, y);
        else AttendTangent<float, AttentionNumber32, WidePanel>(tangent, x, y);
    }

    internal override void AttendBackward(AttentionGradient gradient, View[] x, View[] y)
    {
        if (x[0].Shape[..^2].Size == 0) return;
        if (y[0].Type != DType.Float32) AttendBackward<double, AttentionNumber64, NarrowPanel>(gradient, x, y);
        else if (Math.Max(x[0].Shape[^1], x[2].Shape[^1]) <= NarrowColumns) AttendBackward<float, AttentionNumber32, NarrowPanel>(gradient, x, y);
        else AttendBackward<float, AttentionNumber32, WidePanel>(gradient, x, y);
    }

    private void Attend<T, TNumber, TPanel>(Attention attention, View[] x, View[] y)
        where T : unmanaged, INumber<T>
        where TNumber : struct, IAttentionNumber<T>
        where TPanel : struct, IAttentionPanel
    {
        var temporary = new List<Storage>();
        x = Array.ConvertAll(x, view => Mappable(view, temporary));
        var mask = x.Length > 3 ? x[3] : null;
        Kernels.Get(static accelerator => new AttentionForwardKernel<T, TNumber, TPanel>(accelerator)).Launch(
            Stream, Whole<T>(x[0]), Whole<T>(x[1]), Whole<T>(x[2]), Whole<byte>(mask ?? x[0]), Whole<T>(Added(mask) ?? x[0]), LayoutsOf(x, mask, x[2]),
            Dense<T>(y[0]), Dense<T>(y[1]), SizesOf<T>(x, mask, attention.Scale, attention.Causal));
        Release(temporary);
    }

    private void AttendTangent<T, TNumber, TPanel>(AttentionTangent tangent, View[] x, View[] y)
        where T : unmanaged, INumber<T>
        where TNumber : struct, IAttentionNumber<T>
        where TPanel : struct, IAttentionPanel
    {
        var temporary = new List<Storage>();
        x = Array.ConvertAll(x, view => Mappable(view, temporary));
        var mask = x.Length > 8 ? x[8] : null;
        ArrayView<T> output = Dense<T>(Contiguous(x[3], temporary)), lse = Dense<T>(Contiguous(x[4], temporary));
        AttentionTangentLayouts layouts = new()
        {
            Operands = LayoutsOf(x, mask, x[2]),
            Query = MatricesOf(x[5].Layout),
            Key = MatricesOf(x[6].Layout),
            Value = MatricesOf(x[7].Layout),
        };
        Kernels.Get(static accelerator => new AttentionTangentKernel<T, TNumber, TPanel>(accelerator)).Launch(
            Stream, Whole<T>(x[0]), Whole<T>(x[1]), Whole<T>(x[2]), Whole<T>(x[5]), Whole<T>(x[6]), Whole<T>(x[7]), Whole<byte>(mask ?? x[0]), Whole<T>(Added(mask) ?? x[0]),
            layouts, output, lse, Dense<T>(y[0]), Dense<T>(y[1]), SizesOf<T>(x, mask, tangent.Scale, tangent.Causal));
        Release(temporary);
    }

    private void AttendBackward<T, TNumber, TPanel>(AttentionGradient gradient, View[] x, View[] y)
        where T : unmanaged, INumber<T>
        where TNumber : struct, IAttentionNumber<T>
        where TPanel : struct, IAttentionPanel
    {
        var temporary = new List<Storage>();
        x = Array.ConvertAll(x, view => Mappable(view, temporary));
        var mask = x.Length > 7 ? x[7] : null;
        var sizes = SizesOf<T>(x, mask, gradient.Scale, gradient.Causal);
        var layouts = LayoutsOf(x, mask, x[5]);
        ArrayView<T> lse = Dense<T>(Contiguous(x[4], temporary)), sumsCotangent = Dense<T>(Contiguous(x[6], temporary));
        temporary.Add(Scratch<T>(x[4].Size, out var moved));
        Kernels.Get(static accelerator => new AttentionRowsKernel<T>(accelerator)).Launch(
            Stream, Whole<T>(x[3]), MatricesOf(x[3].Layout), Whole<T>(x[5]), layouts.Cotangent, sumsCotangent, moved, sizes.Queries, sizes.Width);
        Run<QueryGradient>(y[0]);
        Run<KeyGradient>(y[1]);
        Run<ValueGradient>(y[2]);
        Release(temporary);

        void Run<TGradient>(View result)
            where TGradient : struct, IAttentionGradient
        {
            if (result.Size == 0) return;
            Kernels.Get(static accelerator => new AttentionBackwardKernel<T, TNumber, TPanel, TGradient>(accelerator)).Launch(
                Stream, Whole<T>(x[0]), Whole<T>(x[1]), Whole<T>(x[2]), Whole<T>(x[5]), Whole<byte>(mask ?? x[0]), Whole<T>(Added(mask) ?? x[0]), layouts,
                lse, moved, Dense<T>(result), sizes);
        }
    }

    private static View? Added(View? mask) => mask?.Type == DType.Bool ? null : mask;

    private static AttentionLayouts LayoutsOf(View[] x, View? mask, View cotangent) => new()
    {
        Query = MatricesOf(x[0].Layout),
        Key = MatricesOf(x[1].Layout),
        Value = MatricesOf(x[2].Layout),
        Mask = MatricesOf((mask ?? x[0]).Layout),
        Cotangent = MatricesOf(cotangent.Layout),
    };

    private static AttentionSizes<T> SizesOf<T>(View[] x, View? mask, double scale, bool causal)
        where T : unmanaged, INumber<T> => new()
        {
            Scale = T.CreateChecked(scale),
            Queries = x[0].Shape[^2],
            Keys = x[1].Shape[^2],
            Depth = x[0].Shape[^1],
            Width = x[2].Shape[^1],
            Causal = causal ? 1 : 0,
            Mask = mask is null ? AttentionMaskKind.None : mask.Type == DType.Bool ? AttentionMaskKind.Seen : AttentionMaskKind.Added,
        };
}
