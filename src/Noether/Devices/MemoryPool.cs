namespace Noether.Devices;

/// <summary>
/// Keeps a device's freed blocks for reuse, counts what is in use, and when a budget is passed asks the collector for garbage
/// before it gives up.
/// </summary>
/// <remarks>
/// Blocks come in size classes of eight steps an octave, so a reused block wastes at most an eighth. "Live" counts blocks that an
/// evaluation or a reachable tensor holds, and garbage not yet collected.
/// </remarks>
internal sealed class MemoryPool(Device device, Func<long, nint> allocate, Action<nint, long> free) : IBlockOwner
{
    private const long Alignment = 64;
    private const long CollectEvery = 256L << 20;

    private readonly Lock gate = new();
    private readonly Dictionary<long, Stack<nint>> blocks = [];
    private long live;
    private long peak;
    private long pooled;
    private long sinceCollection;

    /// <summary>Bytes in use.</summary>
    public long Live => Interlocked.Read(ref live);

    /// <summary>The most that has been in use since the last reset.</summary>
    public long Peak => Interlocked.Read(ref peak);

    /// <summary>Bytes kept for reuse.</summary>
    public long Pooled => Interlocked.Read(ref pooled);

    /// <summary>The most that may be in use and pooled together.</summary>
    public long Budget { get; set; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 10 * 8;

    public void ResetPeak()
    {
        lock (gate) peak = live;
    }

    /// <summary>A block for <paramref name="count"/> elements of <paramref name="width"/> bytes.</summary>
    /// <exception cref="MemoryException">There is no room even without garbage.</exception>
    public Storage Rent(long count, int width = 1)
    {
        // A quarter of the range leaves room to round up and to add.
        if (count > long.MaxValue / 4 / width) throw new MemoryException($"{device}: {count} elements of {width} bytes asked for, more than can be addressed");
        var bytes = count * width;
        var capacity = ClassOf(bytes);
        if (TryRent(capacity, out var handle)) return new(this, device, handle, bytes, capacity);

        // Over budget: first the pool's own blocks, then tensors that nothing refers to any more.
        Trim();
        if (TryRent(capacity, out handle)) return new(this, device, handle, bytes, capacity);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Trim();
        if (TryRent(capacity, out handle)) return new(this, device, handle, bytes, capacity);
        throw new MemoryException($"{device}: {Text(bytes)} asked for, {Text(Live)} in use, budget {Text(Budget)} (Memory.Budget sets it)");
    }

    public void Return(nint handle, long capacity)
    {
        lock (gate)
        {
            live -= capacity;
            pooled += capacity;
            if (!blocks.TryGetValue(capacity, out var stack)) blocks[capacity] = stack = new();
            stack.Push(handle);
        }
    }

    /// <summary>Gives every pooled block back to the system.</summary>
    public void Trim()
    {
        lock (gate)
        {
            foreach (var (capacity, stack) in blocks)
            {
                while (stack.TryPop(out var handle)) free(handle, capacity);
            }

            pooled = 0;
        }
    }

    internal static string Text(long bytes) => bytes switch
    {
        >= 1L << 30 => $"{bytes / (double)(1L << 30):0.##} GiB",
        >= 1L << 20 => $"{bytes / (double)(1L << 20):0.##} MiB",
        _ => $"{bytes} bytes",
    };

    private bool TryRent(long capacity, out nint handle)
    {
        var collect = false;
        lock (gate)
        {
            if (blocks.TryGetValue(capacity, out var stack) && stack.TryPop(out handle))
            {
                pooled -= capacity;
            }
            else
            {
                if (live + pooled + capacity > Budget)
                {
                    handle = 0;
                    return false;
                }

                handle = allocate(capacity);
                if (handle == 0) return false;

                // Much fresh memory since the last collection means that garbage tensors may hold blocks we could reuse.
                sinceCollection += capacity;
                collect = sinceCollection > Math.Max(CollectEvery, live / 2);
                if (collect) sinceCollection = 0;
            }

            live += capacity;
            peak = Math.Max(peak, live);
        }

        if (collect) GC.Collect(GC.MaxGeneration, GCCollectionMode.Optimized, blocking: false);
        return true;
    }

    private static long ClassOf(long bytes)
    {
        var padded = bytes + Alignment; // a last whole vector may be read and written past the end
        if (padded <= 8 * Alignment) return (padded + Alignment - 1) / Alignment * Alignment;
        var step = Math.Max(Alignment, (long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)padded) / 16);
        return (padded + step - 1) / step * step;
    }
}
