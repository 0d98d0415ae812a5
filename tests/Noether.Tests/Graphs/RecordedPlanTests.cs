using Noether.Devices;
using Noether.Devices.Ilgpu;
using Noether.Graphs;
using Noether.Primitives;
using Noether.Tests.Devices.Ilgpu;
using Noether.Transforms;
using static Noether.Transform;

namespace Noether.Tests.Graphs;

/// <summary>Compiled functions replayed as one piece of work: by CUDA graphs, and by a stand-in for them where there is no CUDA.</summary>
[TestFixtureSource(typeof(DeviceLane), nameof(DeviceLane.Lanes))]
[NonParallelizable]
public sealed class RecordedPlanTests(string lane)
{
    private IlgpuDevice device = null!;
    private Repeater repeater = null!;

    [OneTimeSetUp]
    public void Open() => device = (IlgpuDevice)DeviceLane.Open(lane);

    [SetUp]
    public void Replace()
    {
        repeater = new();
        if (lane != "Cuda") device.Replace(repeater, null);
    }

    [TearDown]
    public void PutBack()
    {
        if (lane != "Cuda") device?.Replace(null, null);
    }

    [Test]
    public void A_training_step_is_recorded_at_its_second_call_and_learns_as_on_the_host([Values] bool donates)
    {
        var expected = Trained(Device.Host, 6, donates);
        Assert.That(Trained(device, 6, donates), Is.EqualTo(expected).Within(1e-12));
        if (lane != "Cuda") Assert.That(repeater.Launches, Is.EqualTo(4));
    }

    [Test]
    public void Results_keep_their_values_when_later_calls_replay()
    {
        var f = Compile(Chain);
        var results = Enumerable.Range(0, 5).Select(i => f(Tensor.Full([3], i, DType.Float64, device).Evaluate())).ToArray();
        for (var i = 0; i < results.Length; i++)
            Assert.That(results[i].ToArray<double>(), Is.EqualTo(Chain(Tensor.Full([3], i, DType.Float64, Device.Host)).ToArray<double>()).Within(1e-12));
        if (lane != "Cuda") Assert.That(repeater.Launches, Is.EqualTo(3));
    }

    [Test]
    public void Replays_take_no_memory()
    {
        var f = Compile(Chain);
        var x = Tensor.From([0.5, 1, 2], device: device);
        for (var i = 0; i < 3; i++) f(x).Dispose();
        var before = Memory.Statistics(device);
        for (var i = 0; i < 3; i++) f(x).Dispose();
        var after = Memory.Statistics(device);
        Assert.That(after.Live, Is.EqualTo(before.Live));
        Assert.That(after.Reserved, Is.EqualTo(before.Reserved));
        Assert.That(after.Requests - before.Requests, Is.EqualTo(after.Reused - before.Reused));
    }

    [Test]
    public void Results_that_are_arguments_or_captured_come_back_as_they_are()
    {
        var kept = Tensor.From([7.0, 8], device: device);
        var f = Compile((Tensor[] x) => [x[0], kept, Chain(x[0] + kept)]);
        for (var i = 0; i < 4; i++)
        {
            var x = Tensor.From([i, 1.0], device: device);
            var y = f([x]);
            Assert.That(y[0].ToArray<double>(), Is.EqualTo(x.ToArray<double>()));
            Assert.That(y[1].ToArray<double>(), Is.EqualTo(new[] { 7.0, 8 }));
            Assert.That(y[2].ToArray<double>(), Is.EqualTo(Chain((x + kept).To(Device.Host)).ToArray<double>()).Within(1e-12));
            foreach (var tensor in y) tensor.Dispose();
        }

        Assert.That(kept.ToArray<double>(), Is.EqualTo(new[] { 7.0, 8 }), "disposed results are the recording's, not these");
    }

    [Test]
    public void A_loop_that_reads_the_device_inside_a_scan_stops_the_recording_and_runs_as_before()
    {
        Tensor Loops(Tensor x) => Scan((c, _) => ([While((Tensor v) => v.Sum() < 10, v => v * 2 + 1, c[0]).Sqrt()], Array.Empty<Tensor>()), [Chain(x).Abs() + 1], [], 2).Carry[0];
        var f = Compile(Loops);
        var expected = Loops(Tensor.From([0.25, 0.5], device: Device.Host)).ToArray<double>();
        for (var i = 0; i < 4; i++) Assert.That(f(Tensor.From([0.25, 0.5], device: device)).ToArray<double>(), Is.EqualTo(expected).Within(1e-12));
        Assert.That(repeater.Launches, Is.Zero);
        if (lane != "Cuda") Assert.That(repeater.Failures, Is.EqualTo(1), "it was tried once");
    }

    [Test]
    public void A_recording_is_given_up_when_memory_runs_short()
    {
        var f = Compile(Chain);
        var x = Tensor.From(new double[1 << 10], device: device); // blocks of 8 KiB
        var expected = f(x).ToArray<double>();
        for (var i = 0; i < 2; i++) f(x).Dispose();
        var budget = Memory.Budget(device);
        Memory.Trim(device);
        Memory.SetBudget(Memory.Live(device) + 1024, device);
        try
        {
            using var other = Tensor.From(new double[1 << 9], device: device); // what the recording had
        }
        finally
        {
            Memory.SetBudget(budget, device);
        }

        Assert.That(f(x).ToArray<double>(), Is.EqualTo(expected));
        var launches = repeater.Launches;
        f(x).Dispose();
        Assert.That(repeater.Launches, Is.EqualTo(launches));
    }

    [Test]
    public void Who_watches_sees_single_steps()
    {
        var f = Compile(Chain);
        var x = Tensor.From([0.5, 1, 2], device: device);
        for (var i = 0; i < 3; i++) f(x).Dispose();
        var launches = repeater.Launches;
        Assert.That(Noether.Trace.Record(() => f(x).Evaluate()), Has.Count.GreaterThanOrEqualTo(RecordedPlan.LeastSteps));
        Assert.That(repeater.Launches, Is.EqualTo(launches));
    }

    [Test]
    public void Reasons_not_to_record_are_told()
    {
        Assert.That(Reason(Chain), Is.Null);
        Assert.That(Reason(x => x + 1), Is.EqualTo("1 steps are launched as fast one by one"));
        Assert.That(Reason(x => Chain(While((Tensor v) => v.Sum() < 1, v => v + 1, x))), Does.Contain("on the host").And.StartsWith("While"));
        Assert.That(Reason(x => Chain(Tensor.Apply(new HostOnly(), x))), Is.EqualTo("HostOnly is computed on the host"));
    }

    private string? Reason(Func<Tensor, Tensor> f)
    {
        var symbols = Captured.Symbols("test", [Tensor.Zeros([2], DType.Float64, device)]);
        var (plan, _) = Planner.ForReplay(device, symbols, [f(symbols[0])]);
        return RecordedPlan.WhyNot(plan, device, 1);
    }

    // Scans keep elementwise runs apart: twelve steps or more.
    private static Tensor Chain(Tensor x)
    {
        for (var i = 0; i < 6; i++) x = (x * 0.5 + i).CumSum(0).Tanh();
        return x;
    }

    private static double[] Trained(Device on, int steps, bool donates)
    {
        Tensor Values(Shape shape, int seed) => Sampling.Values(shape, -1, 1, seed).To(on);
        Tensor x = Values([6, 5], 1), labels = Values([6, 3], 6);
        var w = new[] { Values([5, 4], 2), Values([4], 3), Values([4, 3], 4), Values([3], 5) };
        Tensor Loss(Tensor[] p) => ((x.MatMul(p[0]) + p[1]).Tanh().MatMul(p[2]) + p[3] - labels).Square().Mean();
        Func<Tensor[], Tensor[]> step = p => [.. p.Zip(Grad(Loss)(p), (a, g) => a - 0.5 * g)];
        var compiled = donates ? Compile(step, donate: [0, 1, 2, 3]) : Compile(step);
        foreach (var parameter in w) parameter.Evaluate();
        for (var i = 0; i < steps; i++) w = compiled(w);
        return [.. w.SelectMany(p => p.ToArray<double>())];
    }

    /// <summary>Stands for a graph: does the work again instead of launching what it recorded.</summary>
    private sealed class Repeater : IWorkRecorder
    {
        public int Launches { get; private set; }

        public int Failures { get; private set; }

        public IRecordedWork Record(Action work)
        {
            try
            {
                work();
            }
            catch (RecordingException)
            {
                Failures++;
                throw;
            }

            return new Work(this, work);
        }

        private sealed class Work(Repeater repeater, Action work) : IRecordedWork
        {
            public void Launch()
            {
                repeater.Launches++;
                work();
            }

            public void Dispose()
            {
            }
        }
    }

    private sealed record HostOnly : Primitive
    {
        internal override TensorType[] Infer(Tensor[] x) => [new(x[0].Shape, x[0].DType)];

        internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx) => [null];

        internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => throw new NotSupportedException();

        internal override void Evaluate(Device device, View[] x, View[] y) => throw new NotSupportedException();
    }
}
