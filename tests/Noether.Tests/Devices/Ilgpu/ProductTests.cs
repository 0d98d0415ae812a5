using Noether.Primitives;
using static Noether.Transform;

namespace Noether.Tests.Devices.Ilgpu;

/// <summary>What the device makes of products before kernels see them: parts, sums in place, batches as one product, tangents.</summary>
[TestFixtureSource(typeof(DeviceLane), nameof(DeviceLane.Lanes))]
[Parallelizable(ParallelScope.Self)]
public sealed class ProductTests(string lane)
{
    private Device device = null!;

    [OneTimeSetUp]
    public void Open() => device = DeviceLane.Open(lane);

    [Test]
    public void A_long_inner_size_is_summed_in_parts([Values(600, 1030)] int inner)
    {
        Tensor a = Integers([3, inner], 1), b = Integers([inner, 5], 2);
        Assert.That(a.To(device).MatMul(b.To(device)).ToArray<float>(), Is.EqualTo(a.MatMul(b).ToArray<float>()));
    }

    [Test]
    public void Products_are_added_up_in_place([Values(6, 700)] int inner)
    {
        Tensor a = Integers([4, inner], 1), b = Integers([inner, 3], 2), c = Integers([4, inner], 3), d = Integers([inner, 3], 4);
        Tensor Sum(Func<Tensor, Tensor> place) =>
            Tensor.ApplyOn(place(a).Device, MatMulSum.Instance, [.. new[] { a, b, c, d }.Select(place)])[0];
        Assert.That(Sum(x => x.To(device)).ToArray<float>(), Is.EqualTo(Sum(x => x).ToArray<float>()));
    }

    [Test]
    public void A_batch_times_one_matrix_is_one_product_whatever_its_layout()
    {
        Tensor a = Integers([4, 3, 5, 6], 1), b = Integers([6, 7], 2);
        Tensor there = a.To(device), right = b.To(device);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(there.MatMul(right).ToArray<float>(), Is.EqualTo(a.MatMul(b).ToArray<float>()));
            Assert.That(there.Permute(1, 0, 2, 3).MatMul(right).ToArray<float>(), Is.EqualTo(a.Permute(1, 0, 2, 3).MatMul(b).ToArray<float>()));
            Assert.That(there.Narrow(2, 1, 3).MatMul(right).ToArray<float>(), Is.EqualTo(a.Narrow(2, 1, 3).MatMul(b).ToArray<float>()));
            Assert.That(there[.., ^1.., ..].MatMul(right).ToArray<float>(), Is.EqualTo(a[.., ^1.., ..].MatMul(b).ToArray<float>()));
            Assert.That(right.SwapAxes(0, 1).MatMul(there.SwapAxes(2, 3)).ToArray<float>(), Is.EqualTo(b.SwapAxes(0, 1).MatMul(a.SwapAxes(2, 3)).ToArray<float>()));
        }
    }

    [Test]
    public void A_product_and_its_tangent_are_one_step()
    {
        Tensor a = Integers([33, 10], 1), b = Integers([10, 34], 2), da = Integers([33, 10], 3), db = Integers([10, 34], 4);
        var (value, tangent) = Jvp<Factors, Tensor>(static x => x.Left.MatMul(x.Right), new(a.To(device), b.To(device)), new(da.To(device), db.To(device)));
        Assert.That(Explain.Plan(value, tangent), Does.Contain(nameof(DualMatMul)));
        Tensor.Evaluate(value, tangent);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(value.ToArray<float>(), Is.EqualTo(a.MatMul(b).ToArray<float>()));
            Assert.That(tangent.ToArray<float>(), Is.EqualTo((da.MatMul(b) + a.MatMul(db)).ToArray<float>()));
        }
    }

    // Small integers: equal whatever the order of the sums.
    private static Tensor Integers(int[] shape, int seed) => Sampling.Values(Shape.Create(shape), -8, 8, seed).Round().To(DType.Float32);

    private sealed record Factors(Tensor Left, Tensor Right) : ITensorTree<Factors>
    {
        public IReadOnlyList<Tensor> Leaves => [Left, Right];

        public Factors WithLeaves(IReadOnlyList<Tensor> leaves) => new(leaves[0], leaves[1]);
    }
}
