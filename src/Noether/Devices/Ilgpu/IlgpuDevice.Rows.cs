using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;
using Noether.Primitives;

namespace Noether.Devices.Ilgpu;

/// <content>Functions, losses and normalisations of rows and channels.</content>
internal sealed partial class IlgpuDevice
{
    private IRowVerbs? rows32, rows64;

    internal override void MapRows(RowFunction function, View x, View? z, View y, long outer, long n, long inner)
    {
        if (y.Size > 0) RowsOf(x.Type).Map(function, x, z, y, outer * inner, n, inner);
    }

    internal override void CrossEntropy(CrossEntropy loss, View x, View classes, View losses, View sums) =>
        RowsOf(x.Type).CrossEntropy(loss, x, classes, losses, sums);

    internal override void CrossEntropyGradient(CrossEntropyGradient gradient, View x, View classes, View sums, View cotangents, View dx) =>
        RowsOf(x.Type).CrossEntropyGradient(gradient, x, classes, sums, cotangents, dx);

    internal override void Variance(Variance variance, View x, View y) => RowsOf(x.Type).Variance(variance, x, y);

    internal override void LayerNorm(LayerNorm norm, View[] x, View[] y) => RowsOf(x[0].Type).LayerNorm(norm, x, y);

    internal override void LayerNormGradient(LayerNormGradient gradient, View[] x, View[] y) => RowsOf(x[0].Type).LayerNormGradient(gradient, x, y);

    internal override void BatchNormalization(BatchNormalization norm, View[] x, View[] y) => RowsOf(x[0].Type).BatchNormalization(norm, x, y);

    internal override void BatchNormalizationGradient(BatchNormalizationGradient gradient, View[] x, View[] y) =>
        RowsOf(x[0].Type).BatchNormalizationGradient(gradient, x, y);

    private IRowVerbs RowsOf(DType type) => type == DType.Float32 ? rows32 ??= NewRows<Float32Lane>() : rows64 ??= NewRows<Float64Lane>();

    private IRowVerbs NewRows<V>()
        where V : unmanaged, IFloatLanes<V> =>
        Shuffles ? new RowVerbs<V, ShuffleJoin>(this) : new RowVerbs<V, SharedJoin>(this);
}
