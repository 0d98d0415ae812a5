using ILGPU;
using ILGPU.Runtime;
using Noether.Devices.Ilgpu;
using Noether.Kernels;

namespace Noether.Tests.Devices.Ilgpu;

public sealed class StagingRingTests
{
    private const int Size = 1024;

    private readonly List<Chunk> chunks = [];
    private Accelerator accelerator = null!;

    [OneTimeSetUp]
    public void Start() => accelerator = AcceleratorCatalogue.CreateSimulator();

    [OneTimeTearDown]
    public void Stop()
    {
        var context = accelerator.Context;
        accelerator.Dispose();
        context.Dispose();
    }

    [SetUp]
    public void Clear() => chunks.Clear();

    [TestCase(1)]
    [TestCase(Size)]
    [TestCase(Size + 1)]
    [TestCase(10 * Size + 7)]
    public void Every_byte_arrives_in_its_place(int bytes)
    {
        var source = Bytes(bytes);
        Assert.That(Sent(Ring(), source), Is.EqualTo(source));
    }

    [Test]
    public void The_source_may_change_while_the_device_has_not_copied_yet()
    {
        var ring = Ring();
        var source = Bytes(100);
        var expected = source.ToArray();
        using var buffer = accelerator.Allocate1D<byte>(100);
        ring.Upload(source, buffer.View.AsContiguous());
        Array.Clear(source);
        Assert.That(chunks[0].Pending, Is.EqualTo(1), "the upload has not waited");
        foreach (var chunk in chunks) chunk.Flush();
        Assert.That(buffer.GetAsArray1D(), Is.EqualTo(expected));
    }

    [Test]
    public void Small_uploads_share_a_chunk_and_wait_for_nothing()
    {
        var ring = Ring();
        for (var i = 0; i < 4; i++) Sent(ring, Bytes(10));
        Assert.That(chunks, Has.Count.EqualTo(1));
        Assert.That(chunks[0].Marks, Is.Zero);
    }

    [Test]
    public void A_chunk_is_written_again_only_after_its_mark()
    {
        var ring = Ring();
        using var buffer = accelerator.Allocate1D<byte>(7 * Size);
        for (var i = 0; i < 7; i++) ring.Upload(Bytes(Size, i), buffer.View.AsContiguous().SubView(i * Size, Size));
        Assert.That(chunks, Has.Count.EqualTo(3));
        Assert.That(chunks.Select(chunk => chunk.Marks), Is.EqualTo(new[] { 2, 2, 2 }));
        Assert.That(chunks.Select(chunk => chunk.Waits), Is.EqualTo(new[] { 3, 2, 2 }));
        foreach (var chunk in chunks) chunk.Flush();
        Assert.That(buffer.GetAsArray1D(), Is.EqualTo(Enumerable.Range(0, 7).SelectMany(i => Bytes(Size, i))));
    }

    [Test]
    public void A_device_uploads_through_it()
    {
        var device = (IlgpuDevice)Device.Open("simulator");
        var ring = new StagingRing(() => new Chunk(chunks) { IsImmediate = true }, 3);
        device.Replace(null, ring);
        try
        {
            var values = Enumerable.Range(0, 1000).Select(i => (double)i).ToArray();
            Assert.That((Tensor.From(values, device: device) + 1).ToArray<double>(), Is.EqualTo(values.Select(v => v + 1)));
            Assert.That(chunks, Is.Not.Empty);
        }
        finally
        {
            device.Replace(null, null);
        }
    }

    private StagingRing Ring() => new(() => new Chunk(chunks), 3);

    private byte[] Sent(StagingRing ring, byte[] source)
    {
        using var buffer = accelerator.Allocate1D<byte>(source.Length);
        ring.Upload(source, buffer.View.AsContiguous());
        foreach (var chunk in chunks) chunk.Flush();
        return buffer.GetAsArray1D();
    }

    private static byte[] Bytes(int count, int seed = 1)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>A device that copies as late as it may: when it is waited for.</summary>
    private sealed class Chunk : IStagingChunk
    {
        private readonly byte[] memory = new byte[Size];
        private readonly Queue<(int Start, ArrayView<byte> Destination)> queue = [];

        public Chunk(List<Chunk> all) => all.Add(this);

        public bool IsImmediate { get; init; }

        public int Marks { get; private set; }

        public int Waits { get; private set; }

        public int Pending => queue.Count;

        public Span<byte> Bytes => memory;

        public void Send(int start, ArrayView<byte> destination)
        {
            queue.Enqueue((start, destination));
            if (IsImmediate) Flush();
        }

        public void Mark() => Marks++;

        public void Wait()
        {
            Waits++;
            Flush();
        }

        public void Flush()
        {
            while (queue.TryDequeue(out var copy))
                copy.Destination.CopyFromCPU(memory.AsSpan(copy.Start, (int)copy.Destination.Length).ToArray());
        }
    }
}
