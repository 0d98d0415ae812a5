using static Noether.Transform;

namespace Noether.Tests.Devices;

/// <summary>Disposing a tensor gives its block back at once, never under somebody who still needs it.</summary>
[NonParallelizable]
public sealed class DisposalTests
{
    private const int N = 1 << 16;
    private const long Block = N * sizeof(double);

    [Test]
    public void A_disposed_tensor_returns_its_block_and_the_next_result_takes_it()
    {
        var x = Argument();
        var before = Memory.Live(Device.Host);
        nint first;
        using (var y = (x + 1).Evaluate()) first = y.View!.Storage.Handle;
        Assert.That(Memory.Live(Device.Host), Is.LessThan(before + Block));
        Assert.That((x + 2).Evaluate().View!.Storage.Handle, Is.EqualTo(first));
    }

    [Test]
    public void A_disposed_tensor_throws_when_it_is_used_and_says_so()
    {
        var x = Argument();
        x.Dispose();
        x.Dispose(); // twice is once
        var message = "float64[65536] was disposed";
        Assert.That(() => x + 1, Throws.TypeOf<DisposedException>().With.Message.StartsWith("Add: ").And.Message.Contains(message));
        Assert.That(() => x.ToArray<double>(), Throws.TypeOf<DisposedException>().With.Message.Contains(message));
        Assert.That(() => Grad((Tensor v) => v.Sum())(x), Throws.TypeOf<DisposedException>().With.Message.Contains(message));
        Assert.That(() => Compile(a => a + 1)(x), Throws.TypeOf<DisposedException>().With.Message.Contains(message));
    }

    [Test]
    public void A_view_keeps_the_block()
    {
        var x = (Tensor.From([1.0, 2, 3, 4], device: Device.Host) + 0).Evaluate();
        var row = x.Reshape(2, 2).Evaluate();
        x.Dispose();
        var other = (Tensor.Ones([4], DType.Float64, Device.Host) * 7).Evaluate();
        Assert.That(row.Flatten().ToArray<double>(), Is.EqualTo((double[])[1, 2, 3, 4]));
        Assert.That(other.ToArray<double>(), Is.All.EqualTo(7));
    }

    [Test]
    public void A_pending_graph_keeps_the_tensor_until_it_is_evaluated()
    {
        var x = Argument();
        var y = x.Sum();
        x.Dispose();
        Assert.That(y.Item(), Is.EqualTo((N - 1) / 2.0).Within(1e-6));
        Assert.That(() => x + 1, Throws.TypeOf<DisposedException>());
    }

    [Test]
    public void A_tensor_disposed_inside_a_differentiated_function_still_serves_the_gradient()
    {
        var x = Tensor.From([0.5, 1.0], device: Device.Host);
        var gradient = Grad((Tensor v) =>
        {
            using var h = v.Exp();
            return h.Square().Sum();
        })(x);
        Assert.That(gradient.ToArray<double>(), Is.EqualTo((double[])[2 * Math.Exp(1), 2 * Math.Exp(2)]).Within(1e-12));
    }

    [Test]
    public void A_pending_tensor_that_nobody_reads_is_dropped_with_its_claims()
    {
        var x = Argument();
        var inner = x.Reshape(256, 256).Transpose() * 2;
        var middle = inner.Sum(0);
        middle.Dispose();
        inner.Sum().Evaluate();
        Assert.That(inner.View, Is.Null, "only the disposed tensor needed it too");
    }

    [Test]
    public void A_lent_span_keeps_the_block()
    {
        var x = (Tensor.From([1.0, 2, 3], device: Device.Host) + 0).Evaluate();
        var memory = x.AsMemory<double>();
        x.Dispose();
        var other = (Tensor.Ones([3], DType.Float64, Device.Host) * 7).Evaluate();
        Assert.That(memory.ToArray(), Is.EqualTo((double[])[1, 2, 3]));
        GC.KeepAlive(other);
    }

    [Test]
    public void Results_that_nobody_disposes_come_back_without_a_budget_being_passed()
    {
        const int size = 1 << 20;
        var x = Tensor.Ones([size], DType.Float64, Device.Host).Evaluate();
        var before = Memory.Live(Device.Host) + Memory.Pooled(Device.Host);
        for (var i = 0; i < 200; i++) (x + i).Evaluate();
        var taken = Memory.Live(Device.Host) + Memory.Pooled(Device.Host) - before;
        Assert.That(taken, Is.LessThan(16L * size * sizeof(double)), "of 200 results most take a block again");
    }

    [TestCase(1)]
    [TestCase(64)]
    [TestCase(512 - 64)]
    [TestCase(512)]
    [TestCase(4096)]
    [TestCase(1_000_000)]
    [TestCase((1L << 31) + 5)]
    public void A_block_has_room_for_a_vector_more_and_wastes_an_eighth_at_most(long bytes)
    {
        var capacity = Noether.Devices.MemoryPool.CapacityFor(bytes);
        Assert.That(capacity, Is.GreaterThanOrEqualTo(bytes + 64));
        Assert.That(capacity, Is.LessThanOrEqualTo(Math.Max(bytes + 128, (bytes + 64) * 9 / 8)));
        Assert.That(capacity % 64, Is.Zero);
        Assert.That(Noether.Devices.MemoryPool.CapacityFor(capacity - 64), Is.EqualTo(capacity), "a returned block finds its class again");
    }

    private static Tensor Argument() => (Tensor.Arange(N, DType.Float64, Device.Host) / N).Evaluate();
}
