using System.Numerics;
using ILGPU;
using Noether.Kernels.Attention;
using Noether.Primitives;

namespace Noether.Devices.Ilgpu;

internal sealed partial class IlgpuDevice
{
    // Columns of a narrow panel: results that are wider take two tiles of registers a thread, where these are of float32.
    private const int NarrowColumns = 64;

    /// <summary>An attention, to be told which kernels it is of.</summary>
    private interface IAttentionLaunch
    {
        void Launch<TStored, T, TNumber, TPanel>()
            where TStored : unmanaged
            where T : unmanaged, INumber<T>
            where TNumber : struct, IAttentionNumber<TStored, T>
            where TPanel : struct, IAttentionPanel;
    }

    internal override void Attend(Attention attention, View[] x, View[] y)
    {
        if (y[1].Size > 0) Launch(new Forward(this, attention, x, y), y[0].Type, IsNarrow(x[2]));
    }

    internal override void AttendTangent(AttentionTangent tangent, View[] x, View[] y)
    {
        if (y[1].Size > 0) Launch(new Tangent(this, tangent, x, y), y[0].Type, IsNarrow(x[2]));
    }

    internal override void AttendBackward(AttentionGradient gradient, View[] x, View[] y)
    {
        if (x[0].Shape[..^2].Size > 0) Launch(new Backward(this, gradient, x, y), y[0].Type, IsNarrow(x[0]) && IsNarrow(x[2]));
    }

    internal override void AttendNeurons(NeuronAttention attention, View[] x, View[] y)
    {
        if (y[0].Type == DType.Float32) AttendNeurons<float, AttentionNumber32>(attention, x, y);
        else AttendNeurons<double, AttentionNumber64>(attention, x, y);
    }

    private void AttendNeurons<T, TNumber>(NeuronAttention attention, View[] x, View[] y)
        where T : unmanaged, INumber<T>
        where TNumber : struct, IAttentionNumber<T, T>
    {
        NeuronSizes sizes = new()
        {
            Heads = attention.Heads,
            Channels = y[0].Shape[1] / attention.Heads,
            Neurons = y[0].Shape[2],
            Left = y[0].Shape[3],
            Biases = y[1].Shape[3],
            Right = y[2].Shape[2],
        };
        Kernels.Get(static accelerator => new NeuronAttentionKernel<T, TNumber>(accelerator)).Launch(
            Stream, Dense<T>(x[0]), Dense<T>(x[1]), Dense<T>(x[2]), Dense<T>(y[0]), Dense<T>(y[1]), Dense<T>(y[2]),
            y[0].Shape[0], sizes, T.CreateChecked(NeuronAttention.ScaleOf(sizes.Length)));
    }

    private static bool IsNarrow(View result) => result.Shape[^1] <= NarrowColumns;

    private static void Launch(IAttentionLaunch launch, DType type, bool isNarrow)
    {
        switch (type)
        {
            case DType.Float64: launch.Launch<double, double, AttentionNumber64, NarrowPanel>(); break;
            case DType.Float32 when isNarrow: launch.Launch<float, float, AttentionNumber32, NarrowPanel>(); break;
            case DType.Float32: launch.Launch<float, float, AttentionNumber32, WidePanel>(); break;
            case DType.BFloat16 when isNarrow: launch.Launch<ushort, float, AttentionNumber16, NarrowPanel>(); break;
            default: launch.Launch<ushort, float, AttentionNumber16, WidePanel>(); break;
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

    private sealed class Forward(IlgpuDevice device, Attention attention, View[] given, View[] y) : IAttentionLaunch
    {
        void IAttentionLaunch.Launch<TStored, T, TNumber, TPanel>()
        {
            var temporary = new List<Storage>();
            var x = Array.ConvertAll(given, view => device.Mappable(view, temporary));
            var mask = x.Length > 3 ? x[3] : null;
            device.Kernels.Get(static accelerator => new AttentionForwardKernel<TStored, T, TNumber, TPanel>(accelerator)).Launch(
                device.Stream, Whole<TStored>(x[0]), Whole<TStored>(x[1]), Whole<TStored>(x[2]), Whole<byte>(mask ?? x[0]), Whole<TStored>(Added(mask) ?? x[0]), LayoutsOf(x, mask, x[2]),
                Dense<TStored>(y[0]), Dense<T>(y[1]), SizesOf<T>(x, mask, attention.Scale, attention.Causal));
            Release(temporary);
        }
    }

    private sealed class Tangent(IlgpuDevice device, AttentionTangent tangent, View[] given, View[] y) : IAttentionLaunch
    {
        void IAttentionLaunch.Launch<TStored, T, TNumber, TPanel>()
        {
            var temporary = new List<Storage>();
            var x = Array.ConvertAll(given, view => device.Mappable(view, temporary));
            var mask = x.Length > 8 ? x[8] : null;
            var output = Dense<TStored>(device.Contiguous(x[3], temporary));
            var lse = Dense<T>(device.Contiguous(x[4], temporary));
            AttentionTangentLayouts layouts = new()
            {
                Operands = LayoutsOf(x, mask, x[2]),
                Query = MatricesOf(x[5].Layout),
                Key = MatricesOf(x[6].Layout),
                Value = MatricesOf(x[7].Layout),
            };
            device.Kernels.Get(static accelerator => new AttentionTangentKernel<TStored, T, TNumber, TPanel>(accelerator)).Launch(
                device.Stream, Whole<TStored>(x[0]), Whole<TStored>(x[1]), Whole<TStored>(x[2]), Whole<TStored>(x[5]), Whole<TStored>(x[6]), Whole<TStored>(x[7]), Whole<byte>(mask ?? x[0]), Whole<TStored>(Added(mask) ?? x[0]),
                layouts, output, lse, Dense<TStored>(y[0]), Dense<T>(y[1]), SizesOf<T>(x, mask, tangent.Scale, tangent.Causal));
            Release(temporary);
        }
    }

    private sealed class Backward(IlgpuDevice device, AttentionGradient gradient, View[] given, View[] y) : IAttentionLaunch
    {
        void IAttentionLaunch.Launch<TStored, T, TNumber, TPanel>()
        {
            var temporary = new List<Storage>();
            var x = Array.ConvertAll(given, view => device.Mappable(view, temporary));
            var mask = x.Length > 7 ? x[7] : null;
            var sizes = SizesOf<T>(x, mask, gradient.Scale, gradient.Causal);
            var layouts = LayoutsOf(x, mask, x[5]);
            ArrayView<T> lse = Dense<T>(device.Contiguous(x[4], temporary)), sumsCotangent = Dense<T>(device.Contiguous(x[6], temporary));
            temporary.Add(device.Scratch<T>(x[4].Size, out var moved));
            device.Kernels.Get(static accelerator => new AttentionRowsKernel<TStored, T, TNumber>(accelerator)).Launch(
                device.Stream, Whole<TStored>(x[3]), MatricesOf(x[3].Layout), Whole<TStored>(x[5]), layouts.Cotangent, sumsCotangent, moved, sizes.Queries, sizes.Width);
            Run<QueryGradient>(y[0]);
            Run<KeyGradient>(y[1]);
            Run<ValueGradient>(y[2]);
            Release(temporary);

            void Run<TGradient>(View result)
                where TGradient : struct, IAttentionGradient
            {
                if (result.Size == 0) return;
                device.Kernels.Get(static accelerator => new AttentionBackwardKernel<TStored, T, TNumber, TPanel, TGradient>(accelerator)).Launch(
                    device.Stream, Whole<TStored>(x[0]), Whole<TStored>(x[1]), Whole<TStored>(x[2]), Whole<TStored>(x[5]), Whole<byte>(mask ?? x[0]), Whole<TStored>(Added(mask) ?? x[0]), layouts,
                    lse, moved, Dense<TStored>(result), sizes);
            }
        }
    }
}
