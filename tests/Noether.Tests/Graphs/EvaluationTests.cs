using Noether.Graphs;
using static Noether.Transform;

namespace Noether.Tests.Graphs;

[NonParallelizable]
public sealed class EvaluationTests
{
    [Test]
    public void An_elementwise_chain_is_one_group()
    {
        var x = Tensor.From([1.0, 2, 3], device: Device.Host);
        var (plan, _) = Planner.ForEvaluation(Device.Host, [((x * 2 + 1).Tanh() - x).Exp()]);
        Assert.That(plan.Steps, Has.Length.EqualTo(1));
        Assert.That(plan.Steps[0].Group!.Inputs, Has.Length.EqualTo(1));
    }

    [Test]
    public void Equal_computations_are_done_once()
    {
        var x = Tensor.From([1.0, 2, 3], device: Device.Host);
        var (plan, _) = Planner.ForEvaluation(Device.Host, [x.Sum(), x.Sum(), x.Sum() + 0 * x.Max()]);
        Assert.That(plan.Steps.Count(s => s.Primitive is Noether.Primitives.Sum), Is.EqualTo(1));
    }

    [Test]
    public void Intermediate_memory_returns_within_the_evaluation()
    {
        const int n = 1 << 16;
        var x = Tensor.Ones([n], DType.Float64, Device.Host).Evaluate();
        var y = x;
        for (var i = 0; i < 50; i++) y = y.Reshape(256, 256).Transpose().Reshape(n) + 1; // a copy and a group each
        var before = Memory.Live(Device.Host);
        Memory.ResetPeak(Device.Host);
        y.Evaluate();
        Assert.That(Memory.Peak(Device.Host) - before, Is.LessThan(4 * n * sizeof(double)));
        Assert.That(y.Item0(), Is.EqualTo(51));
    }

    [Test]
    public void What_a_pending_graph_needs_is_kept()
    {
        var x = Tensor.From([1.0, 2, 3], device: Device.Host);
        var shared = x.Exp().Reshape(3);
        var first = shared.Sum();
        var second = shared.Max();
        first.Evaluate();
        Assert.That(shared.View, Is.Not.Null);
        Assert.That(second.Item(), Is.EqualTo(Math.Exp(3)).Within(1e-12));
    }

    [Test]
    public void Graphs_may_be_deep()
    {
        var x = Tensor.From([1.0], device: Device.Host);
        var y = x;
        for (var i = 0; i < 20_000; i++) y = (y * 1.0001).Reshape(1);
        Assert.That(y.Item(), Is.EqualTo(Math.Pow(1.0001, 20_000)).Within(1e-9));
    }

    [Test]
    public void Two_thousand_steps_of_training_leave_memory_flat()
    {
        var w = Tensor.Full([64, 64], 0.01, DType.Float32, Device.Host);
        var x = Tensor.Arange(64 * 64, DType.Float32, Device.Host).Reshape(64, 64) / 4096;
        var step = Grad((Tensor v) => (x.MatMul(v).Tanh() - x).Square().Mean());
        long afterHundred = 0;
        for (var i = 0; i < 2_000; i++)
        {
            w = (w - 0.1 * step(w)).Evaluate();
            if (i == 100) afterHundred = Settled();
        }

        Assert.That(Settled(), Is.LessThan(afterHundred + (1 << 20)));

        static long Settled()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return Memory.Live(Device.Host) + GC.GetTotalMemory(forceFullCollection: true);
        }
    }

    [Test]
    public void A_budget_is_kept_and_the_device_stays_usable()
    {
        var budget = Memory.Budget(Device.Host);
        try
        {
            Memory.SetBudget(Memory.Live(Device.Host) + (8 << 20), Device.Host);
            Assert.That(() => Tensor.Ones([16 << 20], DType.Float32, Device.Host).Evaluate(), Throws.TypeOf<MemoryException>().With.Message.Contains("64 MiB"));
            Assert.That(Tensor.Ones([1 << 18], DType.Float32, Device.Host).Sum().Item(), Is.EqualTo(1 << 18));
        }
        finally
        {
            Memory.SetBudget(budget, Device.Host);
        }
    }

    [Test]
    public void Garbage_is_collected_before_the_budget_is_refused()
    {
        var budget = Memory.Budget(Device.Host);
        try
        {
            Memory.SetBudget(Memory.Live(Device.Host) + (64 << 20), Device.Host);
            for (var i = 0; i < 40; i++) Tensor.Ones([2 << 20], DType.Float32, Device.Host).Evaluate(); // 40 times 8 MiB
        }
        finally
        {
            Memory.SetBudget(budget, Device.Host);
        }
    }

    [Test]
    public void Tensors_are_shared_between_threads()
    {
        var x = Tensor.Arange(1000, DType.Float64, Device.Host);
        var y = (x * 2).Reshape(10, 100).Sum(1);
        var sums = new double[16];
        Parallel.For(0, sums.Length, i => sums[i] = (y * (i + 1)).Sum().Item());
        Assert.That(sums, Is.EqualTo(Enumerable.Range(1, 16).Select(i => 999_000.0 * i)));
    }
}

internal static class Reading
{
    public static double Item0(this Tensor x) => x.Narrow(0, 0, 1).Item();
}
