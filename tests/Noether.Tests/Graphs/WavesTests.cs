using Noether.Devices.Host;
using Noether.Graphs;
using static Noether.Transform;

namespace Noether.Tests.Graphs;

/// <summary>Small steps that do not need each other run at once, and nobody sees a difference.</summary>
[NonParallelizable]
public sealed class WavesTests
{
    private const int Size = 40; // of a matrix: its square is some microseconds' work

    [Test]
    public void Products_that_do_not_need_each_other_are_one_wave()
    {
        var plan = Planned(Squares(12));
        Assert.That(plan.Steps.Select(static s => s.Wave).Distinct().Count(), Is.EqualTo(1), plan.ToString());
        Assert.That(plan.ToString(), Does.Contain("at once:"));
    }

    [Test]
    public void Two_small_products_are_not_worth_it_and_large_ones_share_themselves()
    {
        Tensor a = Drawn(1, 512, 512), b = Drawn(2, 512, 512);
        Assert.That(WavesOf(Squares(2)), Is.EqualTo(2), "a microsecond each");
        Assert.That(WavesOf([a.MatMul(a), b.MatMul(b), a.MatMul(b)]), Is.EqualTo(3), "a millisecond each");
    }

    [Test]
    public void Updates_of_small_parameters_wait_for_each_other()
    {
        // Each update is ready as soon as its gradient is, long before the next gradient; they run together at the end.
        const int Layers = 20;
        var weights = Enumerable.Range(0, Layers).Select(static i => Drawn(i, 8 * Size)).ToArray();
        var gradients = Grad(
            (Tensor[] w) =>
            {
                var y = Drawn(99, 200, 8 * Size);
                foreach (var scale in w) y = (y * scale).CumSum(0).Tanh();
                return y.Sum();
            })(weights);
        var plan = Planned([.. weights.Zip(gradients, static (w, g) => w - (0.1 * g.Exp().Tanh().Sin().Exp().Tanh().Sin().Exp().Tanh().Sin().Exp()))]);
        var last = plan.Steps[^1].Wave;
        Assert.That(plan.Steps.Count(s => s.Wave == last), Is.EqualTo(Layers), plan.ToString());
        Assert.That(plan.Steps.Where(s => s.Wave == last).Select(static s => s.Primitive), Is.All.Null, plan.ToString());
    }

    [FsCheck.NUnit.Property(MaxTest = 40, QuietOnSuccess = true)]
    public void A_wave_needs_only_what_was_there_before_it(int seed)
    {
        var plan = Planned(Tangle(seed));
        var made = new Dictionary<int, int>();
        var wave = 0;
        foreach (var step in plan.Steps)
        {
            Assert.That(step.Wave, Is.EqualTo(wave).Or.EqualTo(wave + 1), "waves follow one another");
            wave = step.Wave;
            foreach (var input in step.Inputs)
            {
                Assert.That(plan.LeafValues.Contains(input) || (made.TryGetValue(input, out var at) && at < wave), Is.True, $"seed {seed}: %{input} in{Environment.NewLine}{plan}");
            }

            foreach (var output in step.Outputs) made.Add(output, wave);
        }
    }

    [FsCheck.NUnit.Property(MaxTest = 40, QuietOnSuccess = true)]
    public void Results_have_the_bits_that_steps_one_by_one_give(int seed)
    {
        var expected = OneByOne(() => Tangle(seed));
        Tensor[] actual = [];
        for (var repetition = 0; repetition < 10; repetition++)
        {
            WithThreads(4, () =>
            {
                actual = Tangle(seed);
                Tensor.Evaluate(actual);
            });
            for (var i = 0; i < actual.Length; i++) Assert.That(actual[i].ToArray<float>(), Is.EqualTo(expected[i]), $"seed {seed}, result {i}");
        }
    }

    [Test]
    public void An_operand_that_others_read_at_once_is_not_written_over()
    {
        // A sum comes after the product of its operand, its last reader, and could take the operand's place; but they run at once.
        Tensor[] Operands() => [.. Enumerable.Range(0, 12).Select(static i => Drawn(i, Size, Size))];
        static Tensor[] Sums(Tensor[] a) => [.. a.Select(static x => x + 2)];
        static Tensor[] Products(Tensor[] a) => [.. a.Select(static x => x.MatMul(x))];
        var operands = Operands();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(OverwritesOf(Sums(operands)), Is.EqualTo(12), "nobody else reads them");
            Assert.That(WavesOf([.. Sums(operands), .. Products(operands)]), Is.EqualTo(1));
            Assert.That(OverwritesOf([.. Sums(operands), .. Products(operands)]), Is.Zero);
        }

        var f = Compile(static (Tensor[] a) => [.. Sums(a), .. Products(a)], [.. Enumerable.Range(0, 12)]);
        var expected = OneByOne(() => f(Operands()));
        WithThreads(4, () =>
        {
            for (var repetition = 0; repetition < 50; repetition++)
            {
                var results = f(Operands());
                for (var i = 0; i < results.Length; i++) Assert.That(results[i].ToArray<float>(), Is.EqualTo(expected[i]), $"result {i}");
            }
        });
    }

    [Test]
    public void A_profile_shows_each_step_of_a_wave()
    {
        var profile = Profiler.Record(() => Tensor.Evaluate(Squares(12)));
        Assert.That(profile.Entries.Where(static e => e.Operation == "MatMul").Sum(static e => e.Calls), Is.EqualTo(12));
    }

    private static Tensor[] Squares(int count) => [.. Enumerable.Range(0, count).Select(static i => Drawn(i, Size, Size)).Select(static x => x.MatMul(x))];

    // Products, sums and functions of each other at random, some of them asked for.
    private static Tensor[] Tangle(int seed)
    {
        var random = new Random(seed);
        List<Tensor> all = [.. Enumerable.Range(0, 6).Select(i => Drawn(i + seed % 100, Size, Size))];
        Tensor Any() => all[random.Next(all.Count)];
        for (var i = 0; i < 40; i++)
        {
            all.Add(random.Next(6) switch
            {
                0 or 1 => Any().MatMul(Any()) / Size,
                2 => Any().Transpose().MatMul(Any()) / Size,
                3 => (Any() + Any().Sum(0)).Tanh(),
                4 => (Any() * Any()).Exp().Tanh(),
                _ => Any().Softmax(1) - Any().Transpose(),
            });
        }

        return [.. all.Skip(6).Where(_ => random.Next(4) == 0), all[^1]];
    }

    private static Tensor Drawn(int seed, params int[] shape)
    {
        var random = new Random(seed);
        return Tensor.From([.. Enumerable.Range(0, shape.Aggregate(1, static (a, b) => a * b)).Select(_ => random.NextSingle() - 0.5f)], [.. shape], Device.Host);
    }

    // A trace is a watcher: it sees one step after another.
    private static float[][] OneByOne(Func<Tensor[]> make)
    {
        float[][] values = [];
        Trace.Record(() =>
        {
            var results = make();
            Tensor.Evaluate(results);
            values = Array.ConvertAll(results, static x => x.ToArray<float>());
        });
        return values;
    }

    private static void WithThreads(int count, Action action)
    {
        var before = WorkerPool.Shared.Threads;
        WorkerPool.Shared.Threads = count;
        try
        {
            action();
        }
        finally
        {
            WorkerPool.Shared.Threads = before;
        }
    }

    // Were all leaves given to the run.
    private static int OverwritesOf(Tensor[] tensors)
    {
        var plan = Planner.ForEvaluation(Device.Host, tensors, out var leaves).Plan;
        return new MemoryPlan(plan, Device.Host, leaves, Array.ConvertAll(leaves, static _ => true)).Overwrites;
    }

    private static int WavesOf(Tensor[] tensors) => Planned(tensors).Steps.Select(static s => s.Wave).Distinct().Count();

    private static Plan Planned(Tensor[] tensors) => Planner.ForEvaluation(Device.Host, tensors).Plan;
}
