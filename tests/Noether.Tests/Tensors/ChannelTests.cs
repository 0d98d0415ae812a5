using Noether.Devices.Host;
using Noether.Primitives;

namespace Noether.Tests.Tensors;

public class ChannelTests
{
    // Batch, channels in and out, rows, columns: single ones, ragged, wider than every register, and none.
    private static readonly int[][] Sizes =
    [
        [1, 1, 1, 1, 1], [2, 3, 4, 5, 7], [3, 5, 2, 16, 16], [2, 2, 3, 33, 17], [1, 3, 2, 1, 40], [4, 1, 2, 10, 16], [2, 40, 30, 9, 20],
        [0, 2, 3, 2, 2], [2, 0, 3, 2, 2], [2, 3, 2, 0, 4],
    ];

    [Test]
    public void Row_and_column_means_are_means_over_the_other_axes([ValueSource(nameof(Sizes))] int[] size, [Values(DType.Float32, DType.Float64)] DType type)
    {
        var x = Sampling.Values([size[0], size[1], size[3], size[4]]).To(type);
        var (rows, columns, total) = x.RowAndColumnMeans();
        Near(rows, x.Mean(-1), type);
        Near(columns, x.Mean(-2), type);
        Near(total, x.Mean([-2, -1]), type);
    }

    [Test]
    public void Mixed_channels_are_a_product_and_two_repeated_terms([ValueSource(nameof(Sizes))] int[] size, [Values(DType.Float32, DType.Float64)] DType type)
    {
        Tensor[] a =
        [
            Sampling.Values([size[2], size[1]]).To(type), Sampling.Values([size[0], size[1], size[3], size[4]], seed: 1).To(type),
            Sampling.Values([size[0], size[2], size[3]], seed: 2).To(type), Sampling.Values([size[0], size[2], size[4]], seed: 3).To(type),
        ];
        foreach (var threads in (int[])[1, 2])
            Near(OnThreads(threads, () => a[1].MixChannels(a[0], a[2], a[3])), ChannelMix.Instance.Definition(a)![0], type);
    }

    [Test]
    public void The_outer_product_of_channels_sums_over_everything_else([ValueSource(nameof(Sizes))] int[] size, [Values(DType.Float32, DType.Float64)] DType type)
    {
        Tensor[] a = [Sampling.Values([size[0], size[2], size[3], size[4]]).To(type), Sampling.Values([size[0], size[1], size[3], size[4]], seed: 1).To(type)];
        foreach (var threads in (int[])[1, 2])
            Near(OnThreads(threads, () => Tensor.Apply(ChannelOuter.Instance, a)), ChannelOuter.Instance.Definition(a)![0], type);
    }

    [Test]
    public void Terms_of_size_one_repeat()
    {
        var x = Sampling.Values([2, 3, 4, 5]);
        var w = Sampling.Values([2, 3], seed: 1);
        Tensor bias = Sampling.Values([2, 1], seed: 2), zero = Tensor.From(0.0, DType.Float64, Device.Host);
        Near(x.MixChannels(w, bias, zero), w.MatMul(x.Reshape(2, 3, 20)).Reshape(2, 2, 4, 5) + bias.Unsqueeze(-1), DType.Float64);
    }

    [Test]
    public void A_transposed_tensor_is_read_as_it_looks()
    {
        var x = Sampling.Values([2, 3, 4, 20]).SwapAxes(-1, -2);
        var (rows, columns, _) = x.RowAndColumnMeans();
        Near(rows, x.Mean(-1), DType.Float64);
        Near(columns, x.Mean(-2), DType.Float64);
    }

    [Test]
    public void What_is_not_a_number_stays_in_its_row_and_column()
    {
        var values = new float[16 * 18];
        values[3 * 18 + 17] = float.NaN;
        values[5 * 18 + 2] = float.PositiveInfinity;
        var (rows, columns, _) = Tensor.From(values, [16, 18], Device.Host).RowAndColumnMeans();
        float[] r = rows.ToArray<float>(), c = columns.ToArray<float>();
        Assert.That(Enumerable.Range(0, 16).Where(i => !float.IsFinite(r[i])), Is.EqualTo([3, 5]));
        Assert.That(Enumerable.Range(0, 18).Where(i => !float.IsFinite(c[i])), Is.EqualTo([2, 17]));
        Assert.That((r[3], c[2]), Is.EqualTo((float.NaN, float.PositiveInfinity)));
    }

    private static Tensor OnThreads(int count, Func<Tensor> f)
    {
        var before = WorkerPool.Shared.Threads;
        WorkerPool.Shared.Threads = count;
        try
        {
            return f().Evaluate();
        }
        finally
        {
            WorkerPool.Shared.Threads = before;
        }
    }

    // A few hundred terms in another order: some tens of roundings of the largest value.
    private static void Near(Tensor actual, Tensor expected, DType type)
    {
        Assert.That(actual.Shape, Is.EqualTo(expected.Shape));
        Assert.That(actual.DType, Is.EqualTo(type));
        double[] a = actual.ToArray<double>(), b = expected.ToArray<double>();
        var scale = Math.Max(1, b.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(1).Max());
        Assert.That(a, Is.EqualTo(b).Within(scale * (type == DType.Float64 ? 1e-14 : 4e-6)));
    }
}
