using Noether.Devices.Host;
using Noether.Graphs;
using static Noether.Transform;

namespace Noether.Tests.Graphs;

public class EpilogueTests
{
    [Test]
    public void A_group_that_reads_a_product_is_one_step_with_it()
    {
        Tensor x = Random([4, 3], 1), w = Random([3, 5], 2), bias = Random([5], 3);
        Tensor Layer() => (x.MatMul(w) + bias).Tanh();
        var plan = Planned(Layer());
        Assert.That(plan.Steps, Has.Length.EqualTo(2), plan.ToString()); // beside the view of the bias
        Assert.That(plan.Steps[^1].Epilogue, Is.Not.Null, plan.ToString());
        Assert.That(Explain.Plan(Layer()), Does.Contain("= MatMul + Map[Add(%0, %1) → HyperbolicTangent(%2)](").And.Contain("1 kernels").And.Contain("1 results in place of an operand"));
        Assert.That(Trace.Record(() => Layer().ToArray<float>()), Has.Exactly(1).Contains("MatMul + Map["));
        var profile = Profiler.Record(() => Layer().ToArray<float>());
        Assert.That(profile.ToString(), Does.Contain("MatMul·Add·HyperbolicTangent"));
    }

    [Test]
    public void A_group_that_reads_a_convolution_is_one_step_with_it()
    {
        Tensor x = Random([2, 3, 6, 6], 1), w = Random([4, 3, 3, 3], 2), bias = Random([4, 1, 1], 3), residual = Random([2, 4, 4, 4], 4);
        Tensor Layer() => (x.Convolve(w) + bias + residual).Relu();
        Assert.That(Explain.Plan(Layer()), Does.Contain("= Convolution + Map[Add(%1, %2) → Add(%3, %0) → ").And.Contain("1 kernels"));
        Check([Layer()], [(Apart(x.Convolve(w)) + bias + residual).Relu()]);
    }

    [Test]
    public void A_group_that_reads_mixed_channels_is_one_step_with_them()
    {
        Tensor x = Random([2, 3, 5, 4], 1), w = Random([6, 3], 2), rows = Random([2, 6, 5], 3), columns = Random([2, 6, 4], 4), gate = Random([6, 1, 1], 5);
        Assert.That(Explain.Plan((x.MixChannels(w, rows, columns) * gate).Tanh()), Does.Contain("= ChannelMix + Map[").And.Contain("1 kernels"));
        Check([(x.MixChannels(w, rows, columns) * gate).Tanh()], [(Apart(x.MixChannels(w, rows, columns)) * gate).Tanh()]);
    }

    [Test]
    public void A_group_may_see_a_product_in_another_shape_if_nobody_else_does()
    {
        Tensor x = Random([2, 6, 35], 1), w = Random([4, 6], 2), rows = Random([2, 4, 5, 1], 3), columns = Random([2, 4, 1, 7], 4);
        Tensor Product() => w.MatMul(x);
        Tensor After(Tensor product) => (product.Reshape([2, 4, 5, 7]) + rows + columns).Tanh();
        Assert.That(Explain.Plan(After(Product())), Does.Contain("= MatMul + Map[").And.Contain("1 kernels"));
        Check([After(Product())], [After(Apart(Product()))]);
        Tensor product = Product(), seen = Product().Reshape([2, 4, 5, 7]);
        Check([After(product), product], [After(Apart(Product())), Apart(Product())]);
        Check([(seen + rows).Tanh(), seen], [(Apart(Product()).Reshape([2, 4, 5, 7]) + rows).Tanh(), Apart(Product()).Reshape([2, 4, 5, 7])]);
    }

    [Test]
    public void A_product_that_others_need_too_is_kept_beside_the_groups_results()
    {
        Tensor x = Random([4, 3], 1), w = Random([3, 5], 2);
        var product = x.MatMul(w);
        var y = product.Tanh();
        Assert.That(Planned(product, y).Steps, Has.Length.EqualTo(1));
        Check([product, y, y * y, product.Sum(0)], [Apart(x.MatMul(w)), Apart(x.MatMul(w)).Tanh(), Apart(x.MatMul(w)).Tanh().Square(), Apart(x.MatMul(w)).Sum(0)]);
    }

    [Test]
    public void A_product_stays_before_another_that_moved_to_its_group()
    {
        // The second product goes to its group; the group of the first is due later, for it reads that one's result turned, but the second product
        // needs the first.
        Tensor x = Random([8, 8], 1), w = Random([8, 8], 2), v = Random([8, 8], 3);
        var first = x.MatMul(w);
        var second = first.MatMul(v).Relu();
        Check([second, first.Tanh() * second.Transpose()], Reference());

        Tensor[] Reference()
        {
            var a = Apart(x.MatMul(w));
            var b = Apart(a.MatMul(v)).Relu();
            return [b, a.Tanh() * Apart(b).Transpose()];
        }
    }

    [Test]
    public void A_group_of_two_products_takes_one_in()
    {
        Tensor x = Random([6, 4], 1), w = Random([4, 6], 2), v = Random([4, 6], 3);
        var y = (x.MatMul(w) * x.MatMul(v)).Exp();
        Assert.That(Planned(y).Steps.Count(static s => s.Epilogue is not null), Is.EqualTo(1));
        Check([y], [(Apart(x.MatMul(w)) * Apart(x.MatMul(v))).Exp()]);
    }

    [Test]
    public void A_result_does_not_take_the_place_of_an_operand_of_the_product()
    {
        Tensor x = Random([300, 300], 1), w = Random([300, 300], 2);
        var expected = (Apart(x.MatMul(w)) + x).Tanh().ToArray<float>();
        var step = Compile(static (Tensor[] a) => [(a[0].MatMul(a[1]) + a[0]).Tanh()], [0]);
        for (var i = 0; i < 3; i++)
        {
            var given = x + 0;
            Tensor.Evaluate(given);
            Assert.That(step([given, w])[0].ToArray<float>(), Is.EqualTo(expected));
        }
    }

    // The second layer adds the first's result, a residual that is no operand of its product as it lies there.
    [Test]
    public void A_group_sees_a_product_of_many_rows_through_its_reshape()
    {
        Tensor x = Random([2, 3, 4], 1), w = Random([4, 4], 2), v = Random([4, 4], 3), bias = Random([4], 4), row = Random([3, 1], 5), zero = Random([2, 3, 4], 6);
        Tensor[] Layers(Func<Tensor, Tensor> after)
        {
            var first = ((after(x.MatMul(w)) + bias) * row).Tanh();
            return [first, (after(first.MatMul(v)) + first).Relu(), (after(x[0].MatMul(v)) + zero).Exp()];
        }

        var plan = Planned(Layers(static y => y));
        Assert.That(plan.Steps.Count(static s => s.Epilogue is not null), Is.EqualTo(2), plan.ToString()); // the third product is broadcast
        Assert.That(plan.Steps.Where(static s => s.Epilogue is not null).Count(static s => s.Makes is not null), Is.EqualTo(2), plan.ToString());
        Check(Layers(static y => y), Layers(Apart));
        Assert.That(Explain.Plan((x.MatMul(w) + zero).Tanh()), Does.Contain("1 kernels").And.Contain("1 results in place of an operand"));
    }

    [Test]
    public void A_product_of_many_rows_that_is_needed_otherwise_is_kept()
    {
        Tensor x = Random([2, 3, 4], 1), w = Random([4, 4], 2);
        var rows = x.Reshape([6, 4]).MatMul(w); // asked for before its reshape
        var product = x.MatMul(w);
        Check(
            [rows, rows.Reshape([2, 3, 4]).Tanh(), product, product.Exp(), x.MatMul(w).Reshape([3, 8]).Relu()],
            [Apart(rows), Apart(rows).Reshape([2, 3, 4]).Tanh(), Apart(product), Apart(product).Exp(), Apart(product).Reshape([3, 8]).Relu()]);
        var seen = x.MatMul(w) * 2; // of its own, as the reshape is asked for too
        var asked = (x * 2).MatMul(w);
        Check([asked, asked.Tanh(), seen], [Apart(x * 2).MatMul(w), Apart(asked).Tanh(), Apart(x.MatMul(w)) * 2]);
    }

    [Test]
    public void A_check_of_numerics_runs_every_operation_by_itself()
    {
        Tensor x = Random([4, 3], 1), w = Random([3, 5], 2);
        var before = Debug.CheckNumerics;
        try
        {
            Debug.CheckNumerics = true;
            Assert.That(Planned(x.MatMul(w).Tanh()).Steps, Has.All.Property(nameof(Step.Epilogue)).Null);
        }
        finally
        {
            Debug.CheckNumerics = before;
        }
    }

    [FsCheck.NUnit.Property(MaxTest = 80, EndSize = 1000000, QuietOnSuccess = true)]
    public void Products_and_their_groups_give_the_bits_that_they_give_apart(int seed)
    {
        var random = new Random(seed);
        var type = random.Next(2) == 0 ? DType.Float32 : DType.Float64;
        int m = Size(), n = Size(), k = Size(), batch = random.Next(3) == 0 ? random.Next(1, 5) : 0;
        Shape Of(int rows, int columns) => batch > 0 ? [batch, rows, columns] : [rows, columns];
        var a = random.Next(2) == 0 ? Random(Of(m, k), seed, type) : Random(Of(k, m), seed, type).SwapAxes(-1, -2);
        var b = random.Next(2) == 0 ? Random(Of(k, n), seed + 1, type) : Random([n, k], seed + 1, type).Transpose();
        var bias = Random(random.Next(4) switch { 0 => [n], 1 => [m, 1], 2 => [1], _ => Of(m, n) }, seed + 2, type);
        var turned = Random(Of(n, m), seed + 3, type).SwapAxes(-1, -2);
        Tensor[] After(Tensor product)
        {
            var sum = product + bias;
            return seed % 3 == 0 ? [(sum * turned).Tanh(), sum] : seed % 3 == 1 ? [sum.Relu()] : [sum.Gelu(), product];
        }

        Check(After(a.MatMul(b)), After(Apart(a.MatMul(b))), $"seed {seed}: {type} {m} x {k} x {n}, batch {batch}");

        int Size() => random.Next(3) == 0 ? random.Next(100, 300) : random.Next(1, 40);
    }

    // Large enough that the host runs the group on parts, once its loop is compiled.
    [Test]
    public void Parts_of_large_results_give_the_bits_of_the_whole([Values(1, 2)] int threads, [Values(DType.Float32, DType.Float64)] DType type)
    {
        var before = WorkerPool.Shared.Threads;
        try
        {
            WorkerPool.Shared.Threads = threads;
            Tensor x = Random([1030, 40], 1, type), w = Random([1040, 40], 2, type), bias = Random([1040], 3, type), column = Random([1030, 1], 4, type);
            Repeated(() => x.MatMul(w.Transpose()), product => [(product + bias).Relu() * column, product + bias]);
            Repeated(() => x.MatMul(w.Transpose()), product => [(product.Reshape([1030, 4, 260]) + bias.Reshape([4, 260])).Relu()]);
            Repeated(() => x.MatMul(w.Transpose()), product => [product.Reshape([1040, 1030]).Relu() + bias.Unsqueeze(-1)]); // other rows than the product's
            Tensor many = Random([103, 10, 40], 10, type), few = Random([10, 1], 11, type);
            Repeated(() => many.MatMul(w.Transpose()), product => [(product + bias).Relu() * few]);
            Tensor images = Random([20, 8, 60, 60], 5, type), kernels = Random([16, 8, 3, 3], 6, type), channel = Random([16, 1, 1], 7, type);
            var residual = Random([20, 16, 60, 60], 8, type);
            Repeated(() => images.ConvolveSame(kernels), product => [(product + channel).Relu() + residual]);
            var points = Random([160, 8, 1, 1], 9, type);
            Repeated(() => images[..2].Convolve(points), product => [product.Tanh()]);
        }
        finally
        {
            WorkerPool.Shared.Threads = before;
        }

        static void Repeated(Func<Tensor> product, Func<Tensor, Tensor[]> after)
        {
            var expected = after(Apart(product()));
            Tensor.Evaluate(expected);
            for (var i = 0; i < 3; i++)
            {
                Check(after(product()), expected);
                Thread.Sleep(20); // the loop is compiled beside
            }
        }
    }

    [Test]
    public void Gradients_of_layers_agree_with_those_of_checked_ones()
    {
        Tensor x = Random([9, 17], 1, DType.Float64), w = Random([17, 33], 2, DType.Float64), v = Random([33, 5], 3, DType.Float64);
        var gradient = Grad((Tensor[] a) => ((x.MatMul(a[0]) + 0.5).Tanh().MatMul(a[1]).Relu() + 1).Log().Sum());
        var joined = gradient([w, v]);
        Tensor.Evaluate(joined);
        var before = Debug.CheckNumerics;
        try
        {
            Debug.CheckNumerics = true;
            var apart = gradient([w, v]);
            Tensor.Evaluate(apart);
            for (var i = 0; i < 2; i++) Assert.That(joined[i].ToArray<double>(), Is.EqualTo(apart[i].ToArray<double>()).Within(1e-12)); // sums in another order
        }
        finally
        {
            Debug.CheckNumerics = before;
        }
    }

    private static Plan Planned(params Tensor[] tensors) => Planner.ForEvaluation(Device.Host, tensors).Plan;

    private static void Check(Tensor[] actual, Tensor[] expected, string what = "")
    {
        Tensor.Evaluate(actual);
        for (var i = 0; i < actual.Length; i++)
        {
            double[] a = actual[i].ToArray<double>(), e = expected[i].ToArray<double>();
            for (var j = 0; j < e.Length; j++)
            {
                if (!a[j].Equals(e[j])) Assert.Fail($"{what}: result {i}, element {j} is {a[j]}, not {e[j]}");
            }
        }
    }

    // A value of its own, which no group joins.
    private static Tensor Apart(Tensor x)
    {
        Tensor.Evaluate(x);
        return x;
    }

    private static Tensor Random(Shape shape, int seed, DType type = DType.Float32)
    {
        var random = new Random(seed);
        var values = new double[shape.Size];
        for (var i = 0; i < values.Length; i++) values[i] = 2 * random.NextDouble() - 1;
        return Apart(Tensor.From(values, shape).To(type));
    }
}
