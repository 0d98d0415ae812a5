using System.Numerics;
using System.Runtime.Intrinsics;
using Noether.Kernels.Lanes;
using Noether.Primitives;

namespace Noether.Devices.Host;

internal sealed unsafe partial class HostDevice
{
    // Rows so many bytes apart fall on the same lines of the first-level cache.
    private const int AliasingBytes = 4096;

    internal override void Attend(Attention attention, View[] x, View[] y)
    {
        if (y[0].Type == DType.BFloat16) Widened(x, y, (wide, results) => Attend<float>(attention, wide, results));
        else if (y[0].Type == DType.Float32) Attend<float>(attention, x, y);
        else Attend<double>(attention, x, y);
    }

    internal override void AttendTangent(AttentionTangent tangent, View[] x, View[] y)
    {
        if (y[0].Type == DType.BFloat16) Widened(x, y, (wide, results) => AttendTangent<float>(tangent, wide, results));
        else if (y[0].Type == DType.Float32) AttendTangent<float>(tangent, x, y);
        else AttendTangent<double>(tangent, x, y);
    }

    internal override void AttendBackward(AttentionGradient gradient, View[] x, View[] y)
    {
        if (y[0].Type == DType.BFloat16) Widened(x, y, (wide, results) => AttendBackward<float>(gradient, wide, results));
        else if (y[0].Type == DType.Float32) AttendBackward<float>(gradient, x, y);
        else AttendBackward<double>(gradient, x, y);
    }

    // With bfloat16 operands widened before, and bfloat16 results rounded after.
    private void Widened(View[] x, View[] y, Action<View[], View[]> run)
    {
        var copies = new List<Storage>();
        var results = Array.ConvertAll(y, view => view.Type == DType.BFloat16 ? Wide(view.Shape) : view);
        run(Array.ConvertAll(x, WideOf), results);
        for (var i = 0; i < y.Length; i++)
        {
            if (results[i] != y[i]) BFloat16Rows.Round(Address<float>(results[i]), Address<ushort>(y[i]), checked((int)y[i].Size));
        }

        foreach (var copy in copies) copy.Release();

        View WideOf(View view)
        {
            if (view.Type != DType.BFloat16) return view;
            var wide = Wide(view.Shape);
            BFloat16Rows.Widen(Address<ushort>(Dense(view, copies)), Address<float>(wide), checked((int)view.Size));
            return wide;
        }

        View Wide(Shape shape)
        {
            var wide = NewView(shape, DType.Float32);
            copies.Add(wide.Storage);
            return wide;
        }
    }

    private void Attend<T>(Attention attention, View[] x, View[] y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (y[1].Size == 0) return;
        var copies = new List<Storage>();
        var operands = Operands<T>(x, x.Length > 3 ? x[3] : null, attention.Scale, attention.Causal, copies);
        T* output = Address<T>(y[0]), sums = Address<T>(y[1]);
        if (Vector512.IsHardwareAccelerated) AttentionForward<Simd512<T>, FloatLanes512<T>, T>.Run(operands, output, sums);
        else if (Vector256.IsHardwareAccelerated) AttentionForward<Simd256<T>, FloatLanes256<T>, T>.Run(operands, output, sums);
        else AttentionForward<Simd128<T>, FloatLanes128<T>, T>.Run(operands, output, sums);
        foreach (var copy in copies) copy.Release();
    }

    private void AttendTangent<T>(AttentionTangent tangent, View[] x, View[] y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (y[1].Size == 0) return;
        var copies = new List<Storage>();
        var operands = Operands<T>(x, x.Length > 8 ? x[8] : null, tangent.Scale, tangent.Causal, copies);
        AttentionTangents<T> tangents = new()
        {
            Output = new(WithDenseRows(x[3], copies)),
            Sums = Address<T>(Dense(x[4], copies)),
            Query = new(WithDenseRows(x[5], copies)),
            Key = new(WithDenseRows(x[6], copies)),
            Value = new(WithDenseRows(x[7], copies)),
        };
        T* output = Address<T>(y[0]), sums = Address<T>(y[1]);
        if (Vector512.IsHardwareAccelerated) AttentionTangent<Simd512<T>, FloatLanes512<T>, T>.Run(operands, tangents, output, sums);
        else if (Vector256.IsHardwareAccelerated) AttentionTangent<Simd256<T>, FloatLanes256<T>, T>.Run(operands, tangents, output, sums);
        else AttentionTangent<Simd128<T>, FloatLanes128<T>, T>.Run(operands, tangents, output, sums);
        foreach (var copy in copies) copy.Release();
    }

    private void AttendBackward<T>(AttentionGradient gradient, View[] x, View[] y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (x[0].Shape[..^2].Size == 0) return;
        var copies = new List<Storage>();
        var operands = Operands<T>(x, x.Length > 7 ? x[7] : null, gradient.Scale, gradient.Causal, copies);
        AttentionCotangents<T> left = new()
        {
            Output = new(WithDenseRows(x[3], copies)),
            Sums = Address<T>(Dense(x[4], copies)),
            OutputCotangent = new(WithDenseRows(x[5], copies)),
            SumsCotangent = Address<T>(Dense(x[6], copies)),
        };
        T* dq = Address<T>(y[0]), dk = Address<T>(y[1]), dv = Address<T>(y[2]);
        if (Vector512.IsHardwareAccelerated) AttentionBackward<Simd512<T>, FloatLanes512<T>, T>.Run(operands, left, dq, dk, dv);
        else if (Vector256.IsHardwareAccelerated) AttentionBackward<Simd256<T>, FloatLanes256<T>, T>.Run(operands, left, dq, dk, dv);
        else AttentionBackward<Simd128<T>, FloatLanes128<T>, T>.Run(operands, left, dq, dk, dv);
        foreach (var copy in copies) copy.Release();
    }

    private AttentionOperands<T> Operands<T>(View[] x, View? mask, double scale, bool causal, List<Storage> copies)
        where T : unmanaged, IFloatingPointIeee754<T> => new()
        {
            Query = new(WithDenseRows(x[0], copies)),
            Key = new(WithDenseRows(x[1], copies)),
            Value = new(WithDenseRows(x[2], copies)),
            Mask = new(causal, mask?.Type == DType.Bool ? new(mask) : null, mask is not null && mask.Type != DType.Bool ? new(mask) : null),
            Matrices = checked((int)x[0].Shape[..^2].Size),
            Queries = x[0].Shape[^2],
            Keys = x[1].Shape[^2],
            Depth = x[0].Shape[^1],
            Width = x[2].Shape[^1],
            Scale = T.CreateTruncating(scale),
        };

    // As it is if rows are contiguous and do not get into each other's way in the cache, else a copy.
    private View WithDenseRows(View x, List<Storage> copies)
    {
        var strides = x.Layout.Strides;
        var isDense = strides[^1] == 1 || x.Shape[^1] <= 1;
        var aliases = strides[^2] * x.Type.Bytes() % AliasingBytes == 0 && !x.Layout.IsContiguous;
        return isDense && !aliases ? x : Copied(x, copies);
    }

    private View Dense(View x, List<Storage> copies) => x.Layout.IsContiguous ? x : Copied(x, copies);

    private View Copied(View x, List<Storage> copies)
    {
        var dense = NewView(x.Shape, x.Type);
        Copy(x, dense);
        copies.Add(dense.Storage);
        return dense;
    }
}
