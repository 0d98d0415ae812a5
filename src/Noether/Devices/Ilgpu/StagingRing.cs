using ILGPU;

namespace Noether.Devices.Ilgpu;

/// <summary>
/// Takes bytes to a device without waiting for it: they are copied to page-locked chunks, which the device reads in the stream's order. The host
/// waits only when it comes round to a chunk that the device has not read yet.
/// </summary>
/// <remarks>Many small uploads share a chunk, so a mark is set once a chunk, not once an upload. Chunks are made when first needed.</remarks>
/// <param name="create">Makes a chunk; all of one size.</param>
/// <param name="count">How many there are at most.</param>
internal sealed class StagingRing(Func<IStagingChunk> create, int count)
{
    /// <summary>What a chunk of a GPU holds: some hundred microseconds of a bus, against the few that a mark costs.</summary>
    public const int ChunkBytes = 8 << 20;

    /// <summary>One is filled while another is read and two wait.</summary>
    public const int ChunkCount = 4;

    private const int Alignment = 256;

    private readonly Lock gate = new();
    private readonly List<IStagingChunk> chunks = [];
    private int current = -1;
    private int used; // of the current chunk

    /// <summary>Queues a copy; the source may change when this returns.</summary>
    public void Upload(ReadOnlySpan<byte> source, ArrayView<byte> destination)
    {
        lock (gate)
        {
            for (var done = 0; done < source.Length;)
            {
                if (current < 0 || used >= chunks[current].Bytes.Length) Turn();
                var chunk = chunks[current];
                var part = Math.Min(source.Length - done, chunk.Bytes.Length - used);
                source.Slice(done, part).CopyTo(chunk.Bytes[used..]);
                chunk.Send(used, destination.SubView(done, part));
                used += (part + Alignment - 1) / Alignment * Alignment;
                done += part;
            }
        }
    }

    private void Turn()
    {
        if (current >= 0) chunks[current].Mark();
        var next = (current + 1) % count;
        if (next == chunks.Count) chunks.Add(create());
        chunks[next].Wait();
        (current, used) = (next, 0);
    }
}
