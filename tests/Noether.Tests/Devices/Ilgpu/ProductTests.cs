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
        Tensor a = Integers([9, inner], 1), b = Integers([inner, 10], 2);
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

    // A batch of networks: their layers, what they share, and a layer's group; in the last the batch lies behind the matrices' axes.
    [Test]
    public void Small_products_of_a_batch_equal_the_hosts()
    {
        Tensor x = Integers([9, 12, 10], 1), w = Integers([9, 10, 16], 2), shared = Integers([11, 10], 3), bias = Integers([9, 1, 16], 4);
        Tensor[] Products(Func<Tensor, Tensor> place)
        {
            Tensor a = place(x), b = place(w);
            return [a.MatMul(b), place(shared).MatMul(b), b.SwapAxes(1, 2).MatMul(a.SwapAxes(1, 2)), (a.MatMul(b) + place(bias)).Relu(), a.Permute(2, 0, 1).SwapAxes(1, 2).MatMul(place(shared)[..9])];
        }

        Tensor[] there = Products(y => y.To(device)), here = Products(y => y);
        using (Assert.EnterMultipleScope())
        {
            for (var i = 0; i < here.Length; i++) Assert.That(there[i].ToArray<float>(), Is.EqualTo(here[i].ToArray<float>()), $"product {i}");
        }
    }

    [Test]
    public void A_group_sees_a_product_of_many_rows_through_its_reshape()
    {
        Tensor x = Integers([3, 4, 10], 1), w = Integers([10, 12], 2), bias = Integers([12], 3), residual = Integers([3, 4, 12], 4);
        Tensor Layer(Func<Tensor, Tensor> place) => (place(x).MatMul(place(w)) + place(bias) + place(residual)).Relu();
        var there = Layer(y => y.To(device));
        Assert.That(Explain.Plan(there), Does.Contain("MatMul + Map["));
        Assert.That(there.ToArray<float>(), Is.EqualTo(Layer(y => y).ToArray<float>()));
    }

    // Vectors that lie as kernels take them and that are copied, to the left and to the right, for all matrices of a batch or for each.
    [Test]
    public void Products_with_a_few_vectors_equal_the_hosts()
    {
        Tensor matrix = Integers([50, 28], 1), vector = Integers([28, 1], 2), few = Integers([28, 3], 3), rows = Integers([4, 50], 4);
        Tensor batch = Integers([3, 12, 28], 5), each = Integers([3, 28, 2], 6), pairs = Integers([2, 3, 12, 2], 7), empty = Tensor.Zeros([5, 0]);
        Tensor[] Products(Func<Tensor, Tensor> place)
        {
            Tensor m = place(matrix), b = place(batch);
            return
            [
                m.MatMul(place(vector)), m.MatMul(place(few)), place(rows).MatMul(m), place(few).Transpose().MatMul(m.Transpose()), m[.., ..13].MatMul(place(few)[..13]),
                b.MatMul(place(each)), b.MatMul(place(few)), place(few).Transpose().MatMul(b.SwapAxes(1, 2)), place(pairs).SwapAxes(2, 3).MatMul(b),
                place(empty).MatMul(place(empty).Transpose()),
            ];
        }

        Tensor[] there = Products(x => x.To(device)), here = Products(x => x);
        using (Assert.EnterMultipleScope())
        {
            for (var i = 0; i < here.Length; i++) Assert.That(there[i].ToArray<float>(), Is.EqualTo(here[i].ToArray<float>()), $"product {i}");
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

    // Small integers: equal whatever the order of the sums. The second product is summed in parts, and its group runs by itself; the third has rows of no fours.
    [TestCase(33, 9, 36)]
    [TestCase(9, 700, 10)]
    [TestCase(11, 5, 10)]
    public void A_group_after_a_product_gives_what_it_gives_on_the_host(int rows, int inner, int columns)
    {
        Tensor a = Integers([2, rows, inner], 1), b = Integers([2, inner, columns], 2), bias = Integers([columns], 3), scale = Integers([rows, 1], 4);
        Tensor[] After(Func<Tensor, Tensor> place)
        {
            var product = place(a).MatMul(place(b));
            return [((product + place(bias)) * place(scale)).Relu(), product];
        }

        Tensor[] there = After(x => x.To(device)), here = After(x => x);
        Assert.That(Explain.Plan(there), Does.Contain("MatMul + Map["));
        Tensor.Evaluate(there);
        using (Assert.EnterMultipleScope())
        {
            for (var i = 0; i < 2; i++) Assert.That(there[i].ToArray<float>(), Is.EqualTo(here[i].ToArray<float>()), $"result {i}");
        }
    }

    // The kernels themselves are compared on every lane; here is tested what the device gives them, and a processor takes long to compile them.
    [Test]
    public void A_group_after_a_convolution_gives_what_it_gives_on_the_host()
    {
        if (lane == "OpenCL") Assert.Ignore("no kernel is compiled here that the simulator does not check");
        Tensor x = Integers([2, 3, 6, 6], 1), w = Integers([8, 3, 3, 3], 2), bias = Integers([8, 1, 1], 3), residual = Integers([2, 8, 4, 4], 4);
        Tensor Layer(Func<Tensor, Tensor> place) => (place(x).Convolve(place(w)) + place(bias) + place(residual)).Relu();
        Assert.That(Layer(y => y.To(device)).ToArray<float>(), Is.EqualTo(Layer(y => y).ToArray<float>()));
    }

    [Test]
    public void A_group_after_a_product_and_its_tangent_gives_what_it_gives_on_the_host()
    {
        if (lane == "OpenCL") Assert.Ignore("no kernel is compiled here that the simulator does not check");
        Tensor a = Integers([33, 10], 1), b = Integers([10, 36], 2), da = Integers([33, 10], 3), db = Integers([10, 36], 4);
        (Tensor, Tensor) Layer(Func<Tensor, Tensor> place) =>
            Jvp<Factors, Tensor>(static x => x.Left.MatMul(x.Right).Square(), new(place(a), place(b)), new(place(da), place(db)));
        var (value, tangent) = Layer(x => x.To(device));
        Assert.That(Explain.Plan(value, tangent), Does.Contain("DualMatMul + Map["));
        Tensor.Evaluate(value, tangent);
        var (expected, expectedTangent) = Layer(x => x);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(value.ToArray<float>(), Is.EqualTo(expected.ToArray<float>()));
            Assert.That(tangent.ToArray<float>(), Is.EqualTo(expectedTangent.ToArray<float>()));
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
