using Noether.Devices;

namespace Noether.Tests.Devices.Ilgpu;

/// <summary>Memory of an accelerator under a small budget.</summary>
[TestFixtureSource(typeof(DeviceLane), nameof(DeviceLane.Lanes))]
[NonParallelizable]
public sealed class DeviceMemoryTests(string lane)
{
    // Elements of float64 of one block; the simulator is slow, and smaller blocks are not listed.
    private readonly int elements = lane == "Simulator" ? 1 << 13 : 1 << 17;

    private Device device = null!;
    private long budget;

    private int Room => 4 * sizeof(double) * elements;

    [OneTimeSetUp]
    public void Open() => device = DeviceLane.Open(lane);

    [SetUp]
    public void Cap()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Memory.Trim(device);
        budget = Memory.Budget(device);
        Memory.SetBudget(Memory.Live(device) + Room, device);
    }

    [TearDown]
    public void Uncap()
    {
        if (budget > 0) Memory.SetBudget(budget, device);
    }

    [Test]
    public void A_request_without_room_names_sizes_and_the_largest_blocks_with_what_made_them()
    {
        var x = Tensor.From(new double[elements], device: device);
        var y = (x + 1).Evaluate();
        var error = Assert.Throws<MemoryException>(() => Tensor.From(new double[4 * elements], device: device));
        Assert.That(error!.Message, Does.StartWith($"{device.Name}: {MemoryPool.Text(Room)} asked for (float64[{4 * elements}]), "));
        Assert.That(error.Message, Does.Contain("Memory.SetBudget").And.Contain($" float64[{elements}], ").And.Contain($" float64[{elements}] of Map[").And.Contain("Add"));
        GC.KeepAlive(x);
        GC.KeepAlive(y);
    }

    [Test]
    public void After_an_evaluation_without_room_a_smaller_one_succeeds()
    {
        var live = Memory.Live(device);
        for (var i = 0; i < 3; i++)
        {
            var x = Tensor.Ones([elements], DType.Float64, device);

            // Six results do not fit into room for four; the first of them did.
            Assert.That(() => Executed(x), Throws.TypeOf<MemoryException>());
            Assert.That(Memory.Live(device), Is.EqualTo(live), "what the failed run had is back");
            Assert.That((Tensor.Arange(1000, DType.Float64, device) * 2).Sum().Item(), Is.EqualTo(999_000));
        }
    }

    [Test]
    public void Blocks_of_one_size_serve_another_after_memory_ran_short()
    {
        var small = Enumerable.Range(0, 48).Select(i => (Tensor.Arange(elements / 16, DType.Float64, device) + i).Evaluate()).ToArray();
        Assert.That(Memory.Live(device) - (Memory.Budget(device) - Room), Is.GreaterThan(Room / 2));
        foreach (var tensor in small) tensor.Dispose();
        var large = 3 * elements / 2; // with the integers that it is made of, more than was never given out
        Assert.That(Tensor.Arange(large, DType.Float64, device).Evaluate()[^1].Item(), Is.EqualTo(large - 1));
    }

    [Test]
    public void Blocks_that_share_a_slab_do_not_touch()
    {
        var tensors = Enumerable.Range(0, 20).Select(i => (Tensor.Zeros([100 + i], DType.Float64, device) + i).Evaluate()).ToArray();
        for (var i = 0; i < tensors.Length; i++) Assert.That(tensors[i].ToArray<double>(), Is.All.EqualTo(i));
    }

    [Test]
    public void Statistics_count_requests_and_what_the_pool_had()
    {
        (Tensor.Ones([5000], device: device) * 3).Evaluate().Dispose();
        var before = Memory.Statistics(device);
        (Tensor.Ones([5000], device: device) * 3).Evaluate().Dispose();
        var after = Memory.Statistics(device);
        Assert.That(after.Requests - before.Requests, Is.GreaterThanOrEqualTo(1));
        Assert.That(after.Reused - before.Reused, Is.EqualTo(after.Requests - before.Requests));
        Assert.That(after.Reserved, Is.GreaterThanOrEqualTo(after.Live + after.Pooled));
        Assert.That(after.ToString(), Does.Contain("reserved of").And.Contain("% reused"));
    }

    private static void Executed(Tensor x)
    {
        var results = Enumerable.Range(1, 6).Select(i => x.CumSum(0) * i).ToArray();
        Tensor.Evaluate(results);
    }
}
