using Noether.Devices.Ilgpu;

namespace Noether.Tests.Devices.Ilgpu;

/// <summary>Two streams whose steps run in any order that their waits allow.</summary>
[NonParallelizable]
public sealed class UploadOrderTests
{
    private const int Large = IlgpuDevice.LeastBeside / sizeof(float);

    [Test]
    public void An_upload_waits_for_what_used_its_block_and_not_for_what_came_later()
    {
        var marks = new Streams();
        var order = new UploadOrder(marks);
        marks.Work("use A");
        var ticket = order.Ticket; // A comes back
        Assert.That(order.IsSettled(ticket), Is.False);
        Upload(order, marks, -1, "B");
        marks.Work("use B");
        Assert.That(order.IsSettled(ticket), Is.True);
        Upload(order, marks, ticket, "A again");
        marks.Work("use A again");

        Assert.That(marks.Before("B"), Is.Empty, "a block that was never used waits for nothing");
        Assert.That(marks.Before("A again"), Does.Contain("use A").And.Not.Contain("use B"));
        Assert.That(marks.Before("use B"), Does.Contain("B").And.Contain("use A").And.Not.Contain("A again"));
        Assert.That(marks.Before("use A again"), Does.Contain("A again"));
    }

    [Test]
    public void A_block_that_has_just_come_back_waits_for_all_that_is_queued()
    {
        var marks = new Streams();
        var order = new UploadOrder(marks);
        marks.Work("first");
        marks.Work("use A");
        Upload(order, marks, order.Ticket, "A again");
        Assert.That(marks.Before("A again"), Is.EquivalentTo(new[] { "first", "use A" }));
    }

    [Test]
    public void A_mark_that_is_not_kept_any_more_counts_as_a_later_one()
    {
        var marks = new Streams();
        var order = new UploadOrder(marks);
        marks.Work("use A");
        var ticket = order.Ticket;
        for (var i = 0; i < 2 * UploadOrder.Marks; i++)
        {
            Upload(order, marks, -1, $"B{i}");
            marks.Work($"use B{i}");
        }

        Upload(order, marks, ticket, "A again");
        Assert.That(marks.Before("A again"), Does.Contain("use A"));
        Assert.That(marks.Before("A again"), Does.Not.Contain($"use B{2 * UploadOrder.Marks - 1}"));
    }

    [Test]
    public void A_device_gives_batches_blocks_in_turn_and_none_is_overwritten_while_it_is_read()
    {
        var device = (IlgpuDevice)Device.Open("simulator");
        var marks = new Streams();
        device.Replace(null, null, (new StagingRing(static () => new Chunk(), 3), new UploadOrder(marks)));
        try
        {
            var blocks = new List<nint>();
            for (var i = 0; i < 6; i++)
            {
                using var batch = Tensor.From(Enumerable.Repeat((float)i, Large).ToArray(), device: device);
                blocks.Add(Executor(batch));
                Assert.That((batch + 1).Sum().ToArray<float>()[0], Is.EqualTo((i + 1) * (float)Large));
            }

            Assert.That(blocks[1], Is.Not.EqualTo(blocks[0]), "the first one's block has just come back");
            Assert.That(blocks.Distinct().Count(), Is.LessThanOrEqualTo(3));
            Assert.That(marks.Holds, Is.Positive);
        }
        finally
        {
            device.Replace(null, null);
        }

        static nint Executor(Tensor tensor) => Noether.Graphs.Executor.ValueOf(tensor).Storage.Handle;
    }

    private static void Upload(UploadOrder order, Streams marks, long ticket, string name)
    {
        order.Begin(ticket);
        marks.Copy(name);
        order.End();
    }

    /// <summary>What each step has waited for, in the order of its stream and by marks.</summary>
    private sealed class Streams : ICopyMarks
    {
        private readonly Dictionary<string, HashSet<string>> before = [];
        private readonly HashSet<string>[] set = new HashSet<string>[UploadOrder.Marks];
        private readonly HashSet<string> work = [], copies = [];

        public int Holds { get; private set; }

        public void Work(string name) => Add(work, name);

        public void Copy(string name) => Add(copies, name);

        public HashSet<string> Before(string name) => before[name];

        public void Set(int place) => set[place] = [.. work];

        public void HoldCopies(int place)
        {
            Holds++;
            copies.UnionWith(set[place]);
        }

        public void HoldWork() => work.UnionWith(copies);

        private void Add(HashSet<string> stream, string name)
        {
            before[name] = [.. stream];
            stream.Add(name);
        }
    }

    private sealed class Chunk : IStagingChunk
    {
        private readonly byte[] memory = new byte[1 << 20];

        public Span<byte> Bytes => memory;

        public void Send(int start, ILGPU.ArrayView<byte> destination) => ILGPU.Runtime.ArrayViewExtensions.CopyFromCPU(destination, memory.AsSpan(start, (int)destination.Length));

        public void Mark()
        {
        }

        public void Wait()
        {
        }
    }
}
