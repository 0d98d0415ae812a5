using Noether.Devices.Host;
using Noether.Primitives;
using static Noether.Transform;

namespace Noether.Tests.Spectral;

public class SpectralConvolutionTests
{
    // x [batch, in, points…], out, modes. Few modes go by matrices and many by fast transforms; sizes are ragged, odd, prime, and at the limits.
    private static readonly (int[] X, int Out, int[] Modes)[] Sizes =
    [
        ([3, 5, 64], 4, [5]), ([2, 3, 33], 1, [17]), ([1, 1, 1], 1, [1]), ([2, 2, 2], 3, [2]), ([33, 2, 100], 2, [16]), ([2, 3, 61], 7, [3]),
        ([2, 3, 1024], 3, [400]), ([2, 3, 16, 20], 4, [5, 11]), ([1, 2, 9, 7], 3, [4, 2]), ([3, 1, 2, 31], 2, [1, 16]), ([2, 2, 200, 210], 2, [90, 100]),
        ([2, 2, 6, 5, 8], 3, [2, 2, 5]), ([1, 3, 4, 2, 6], 1, [1, 1, 2]),
    ];

    [Test]
    public void Values_are_those_of_transforms_and_products([ValueSource(nameof(Sizes))] (int[] X, int Out, int[] Modes) size, [Values(false, true)] bool adjoint)
    {
        foreach (var threads in (int[])[1, 2])
            foreach (var type in (DType[])[DType.Float64, DType.Float32])
            {
                var x = Operands(size.X, size.Out, size.Modes, adjoint, type);
                var primitive = new SpectralConvolution(adjoint);
                Near(Threads(threads, () => Tensor.ApplyMany(primitive, x)), primitive.Definition(x), type);
            }
    }

    [Test]
    public void Derivatives_by_the_weights_are_those_of_transforms_and_products([ValueSource(nameof(Sizes))] (int[] X, int Out, int[] Modes) size)
    {
        foreach (var type in (DType[])[DType.Float64, DType.Float32])
        {
            Tensor[] x = [Sampling.Values([.. size.X], seed: 1).To(type), Sampling.Values([size.X[0], size.Out, .. size.X[2..]], seed: 2).To(type)];
            var primitive = new SpectralOuter([.. size.Modes]);
            Near(Tensor.ApplyMany(primitive, x), primitive.Definition(x), type);
        }
    }

    [Test]
    public void The_same_weights_act_alike_on_finer_samples()
    {
        // Three frequencies below the number of modes, sampled at 64 and 256 points.
        var weights = new ComplexTensor(Sampling.Values([2, 2, 8]), Sampling.Values([2, 2, 8], seed: 1));
        Tensor Samples(int n)
        {
            var t = Tensor.Arange(n, DType.Float64, Device.Host) * (2 * Math.PI / n);
            return Tensor.Stack(0, t.Sin() + (3 * t).Cos(), (2 * t).Sin() - 0.5).Unsqueeze(0);
        }

        var coarse = Fourier.SpectralConvolution(Samples(64), weights);
        var fine = Fourier.SpectralConvolution(Samples(256), weights);
        Assert.That(fine.ToArray<double>().Where((_, i) => i % 4 == 0), Is.EqualTo(coarse.ToArray<double>()).Within(1e-13));
    }

    [Test]
    public void Imaginary_parts_of_modes_that_are_their_own_mirror_image_have_no_effect()
    {
        var x = Sampling.Values([2, 1, 6]);
        var gradient = Grad((Tensor w) => Fourier.SpectralConvolution(x, new ComplexTensor(Tensor.Ones([1, 1, 4], DType.Float64, Device.Host), w)).Square().Sum())(
            Sampling.Values([1, 1, 4]));
        var values = gradient.ToArray<double>();
        Assert.That((values[0], values[3]), Is.EqualTo((0.0, 0.0)));
        Assert.That(values[1], Is.Not.Zero);
    }

    [Test]
    public void A_batch_against_shared_weights_is_one_larger_batch()
    {
        ComplexTensor w = new(Sampling.Values([2, 3, 4]), Sampling.Values([2, 3, 4], seed: 1));
        var x = Sampling.Values([3, 2, 2, 9]);
        var y = Vmap((Tensor a) => Fourier.SpectralConvolution(a, w))(x);
        Assert.That(y.Shape, Is.EqualTo(Shape.Create([3, 2, 3, 9])));
        Assert.That(y[1].ToArray<double>(), Is.EqualTo(Fourier.SpectralConvolution(x[1], w).ToArray<double>()).Within(1e-14));
    }

    private static Tensor[] Operands(int[] x, int other, int[] modes, bool adjoint, DType type)
    {
        int[] w = adjoint ? [other, x[1], .. modes] : [x[1], other, .. modes];
        return [Sampling.Values([.. x]).To(type), .. Enumerable.Range(1, 1 << modes.Length).Select(i => Sampling.Values([.. w], seed: i).To(type))];
    }

    private static Tensor[] Threads(int count, Func<Tensor[]> f)
    {
        var before = WorkerPool.Shared.Threads;
        WorkerPool.Shared.Threads = count;
        try
        {
            var y = f();
            Tensor.Evaluate(y);
            return y;
        }
        finally
        {
            WorkerPool.Shared.Threads = before;
        }
    }

    // Sums of thousands of terms in another order: some hundred roundings of the largest value.
    private static void Near(Tensor[] actual, Tensor[]? expected, DType type)
    {
        for (var i = 0; i < actual.Length; i++)
        {
            double[] a = actual[i].ToArray<double>(), b = expected![i].ToArray<double>();
            var scale = Math.Max(1, b.Select(Math.Abs).DefaultIfEmpty(1).Max());
            Assert.That(a, Is.EqualTo(b).Within(scale * (type == DType.Float64 ? 1e-13 : 3e-5)), type.Name());
        }
    }
}
