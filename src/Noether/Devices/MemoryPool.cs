using System.Numerics;

namespace Noether.Devices;

/// <summary>
/// Keeps a device's freed blocks for reuse, counts what is in use, and asks the collector for garbage: before it takes much fresh memory from
/// the system, and before it gives up.
/// </summary>
/// <remarks>
/// <para>Blocks come in size classes of eight steps an octave, so a reused block wastes at most an eighth. The block freed last is reused first: it is
/// the likeliest to be in the caches still. "Live" counts blocks that an evaluation or a reachable tensor holds, and garbage not yet collected.</para>
/// <para>Results that nobody disposes wait for the collector, while new ones take fresh memory, which costs a page fault every 4 KiB and a miss every
/// line. So when the pool has no block to give, and has given about half a third-level cache of bytes since the last time, it has the young
/// generations collected: some 0.1 ms, less than the faults of 1 MiB. Both, for what was in use at one collection is in the second generation at
/// the next. If that does not bring back half of the bytes they are in use, and the next time comes after twice as many.</para>
/// </remarks>
/// <param name="device">Whose memory.</param>
/// <param name="allocate">Takes a block of so many bytes from the device; 0 if there is none.</param>
/// <param name="free">Gives one back.</param>
/// <param name="trimmed">Called when the pool has given all its blocks back.</param>
/// <param name="returned">Called with each block that comes back.</param>
internal sealed partial class MemoryPool(
    Device device, Func<long, nint> allocate, Action<nint, long> free, Action? trimmed = null, Action<nint>? returned = null) : IBlockOwner
{
    private const long Alignment = 64;
    private const int Classes = 64 * 8 + 17;

    private readonly Lock gate = new();
    private readonly List<nint>?[] blocks = new List<nint>?[Classes]; // the last ones came back last
    private readonly LiveBlocks inUse = new();
    private long live;
    private long peak;
    private long pooled;
    private long requests;
    private long reused;
    private long rentedSinceYoung;
    private long freshSinceAll;
    private long youngEvery;

    /// <summary>Bytes in use.</summary>
    public long Live => Interlocked.Read(ref live);

    /// <summary>The most that has been in use since the last reset.</summary>
    public long Peak => Interlocked.Read(ref peak);

    /// <summary>Bytes kept for reuse.</summary>
    public long Pooled => Interlocked.Read(ref pooled);

    /// <summary>The most that may be in use and pooled together.</summary>
    public long Budget { get; set; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 10 * 8;

    /// <summary>
    /// Bytes given out, without a block to reuse, from which garbage is looked for. By default of the order of a third-level cache; where fresh
    /// memory costs nothing more than room, of the order of the memory.
    /// </summary>
    public long CollectsEvery { get; set; } = 16L << 20;

    private long YoungEvery => Math.Clamp(youngEvery, CollectsEvery, 4 * CollectsEvery);

    public MemoryStatistics Statistics(long reserved)
    {
        lock (gate) return new(live, peak, pooled, reserved, Budget, requests, reused);
    }

    public void ResetPeak()
    {
        lock (gate) peak = live;
    }

    /// <summary>A block for <paramref name="count"/> elements of <paramref name="width"/> bytes.</summary>
    /// <exception cref="MemoryException">There is no room even without garbage.</exception>
    public Storage Rent(long count, int width = 1, object? content = null)
    {
        var bytes = BytesOf(count, width);
        var handle = Rent(bytes, out var capacity, content);
        return new(this, device, handle, bytes, capacity);
    }

    /// <summary>
    /// A block that is fit for something that others are not: of those, the one that came back first; else a fresh one, and if there is no room for that, any.
    /// </summary>
    /// <inheritdoc cref="Rent(long, int, object?)"/>
    public Storage RentFit(long count, int width, object? content, Predicate<nint> isFit)
    {
        if (IsInArena) return Rent(count, width, content);
        var bytes = BytesOf(count, width);
        var capacity = ClassOf(bytes, out var index);
        if (!TryReuse(index, capacity, content, out var handle, isFit) && !TryAllocate(capacity, content, out handle)) handle = Rent(bytes, index, capacity, content);
        return new(this, device, handle, bytes, capacity);
    }

    /// <summary>A block that outlives the run: no arena has it.</summary>
    /// <inheritdoc cref="Rent(long, int, object?)"/>
    public Storage RentApart(long count, int width)
    {
        var bytes = BytesOf(count, width);
        var capacity = ClassOf(bytes, out var index);
        return new(this, device, Rent(bytes, index, capacity, null), bytes, capacity);
    }

    /// <summary>A block whose <see cref="Return"/> the caller sees to.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="capacity">The bytes of the block.</param>
    /// <param name="content">What will be in it, for errors.</param>
    /// <exception cref="MemoryException">There is no room even without garbage.</exception>
    public nint Rent(long bytes, out long capacity, object? content = null)
    {
        capacity = ClassOf(bytes, out var index);
        if (active is not { IsMine: true } arena) return Rent(bytes, index, capacity, content);
        if (arena.TryTake(capacity, out var known)) return known;
        var added = Rent(bytes, index, capacity, content);
        arena.Add(added);
        return added;
    }

    /// <summary>The bytes of so many elements.</summary>
    /// <exception cref="MemoryException">They are more than can be addressed.</exception>
    public long BytesOf(long count, int width) =>
        count <= long.MaxValue / 4 / width // a quarter of the range leaves room to round up and to add
            ? count * width
            : throw new MemoryException($"{device}: {count} elements of {width} bytes asked for, more than can be addressed");

    public void Return(nint handle, long capacity)
    {
        returned?.Invoke(handle);
        if (active is { IsMine: true } arena && arena.TryGive(handle, capacity)) return;
        var index = IndexOf(capacity);
        lock (gate)
        {
            if (arenas.Count > 0) ForgetIn(handle);
            inUse.Remove(handle, capacity);
            live -= capacity;
            pooled += capacity;
            (blocks[index] ??= []).Add(handle);
        }
    }

    /// <summary>Gives every pooled block back to the system.</summary>
    public void Trim()
    {
        lock (gate)
        {
            for (var index = 0; index < Classes; index++)
            {
                foreach (var handle in blocks[index] ?? []) free(handle, CapacityOf(index));
                blocks[index]?.Clear();
            }

            pooled = 0;
            trimmed?.Invoke();
        }
    }

    internal static string Text(long bytes) => bytes switch
    {
        >= 1L << 30 => $"{bytes / (double)(1L << 30):0.##} GiB",
        >= 1L << 20 => $"{bytes / (double)(1L << 20):0.##} MiB",
        _ => $"{bytes} bytes",
    };

    /// <summary>The bytes of the block that is given for <paramref name="bytes"/>.</summary>
    internal static long CapacityFor(long bytes) => ClassOf(bytes, out _);

    private nint Rent(long bytes, int index, long capacity, object? content)
    {
        if (TryReuse(index, capacity, content, out var handle)) return handle;
        CollectSometimes(capacity);
        if (TryReuse(index, capacity, content, out handle) || TryAllocate(capacity, content, out handle)) return handle;

        // Over budget: first the pool's own blocks, then recordings, and tensors that nothing refers to any more.
        Trim();
        if (TryAllocate(capacity, content, out handle)) return handle;
        GiveUpArenas();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Trim();
        if (TryAllocate(capacity, content, out handle)) return handle;
        throw NoRoom(bytes, content);
    }

    private MemoryException NoRoom(long bytes, object? content)
    {
        lock (gate)
        {
            var what = content is null ? "" : $" ({content})";
            var reason = live + pooled + CapacityFor(bytes) > Budget
                ? $"budget {Text(Budget)} (Memory.SetBudget changes it)"
                : $"the device has no more within the budget of {Text(Budget)}";
            return new($"{device}: {Text(bytes)} asked for{what}, {Text(live)} in use, {reason}; {inUse}");
        }
    }

    private bool TryReuse(int index, long capacity, object? content, out nint handle, Predicate<nint>? isFit = null)
    {
        lock (gate)
        {
            handle = 0;
            if (blocks[index] is not { Count: > 0 } known) return false;
            var at = isFit is null ? known.Count - 1 : known.FindIndex(isFit);
            if (at < 0) return false;
            handle = known[at];
            known.RemoveAt(at);
            pooled -= capacity;
            reused++;
            Give(handle, capacity, content);
            return true;
        }
    }

    private bool TryAllocate(long capacity, object? content, out nint handle)
    {
        lock (gate)
        {
            handle = live + pooled + capacity > Budget ? 0 : allocate(capacity);
            if (handle == 0) return false;
            freshSinceAll += capacity;
            Give(handle, capacity, content);
            return true;
        }
    }

    private void Give(nint handle, long capacity, object? content)
    {
        requests++;
        rentedSinceYoung += capacity;
        live += capacity;
        peak = Math.Max(peak, live);
        inUse.Add(handle, capacity, content);
    }

    // Many bytes given since the last collection mean that garbage tensors may hold blocks we could reuse.
    private void CollectSometimes(long capacity)
    {
        bool young, all;
        long rented, before;
        lock (gate)
        {
            (rented, before) = (rentedSinceYoung, live);
            young = rented + capacity > YoungEvery;
            all = freshSinceAll > Math.Max(16 * CollectsEvery, live / 2);
            if (young) rentedSinceYoung = 0;
            if (all) freshSinceAll = 0;
        }

        if (all) GC.Collect(GC.MaxGeneration, GCCollectionMode.Optimized, blocking: false);
        if (!young || rented == 0) return;
        GC.Collect(1, GCCollectionMode.Forced, blocking: true);
        GC.WaitForPendingFinalizers();
        lock (gate) youngEvery = before - live >= rented / 2 ? CollectsEvery : 2 * YoungEvery;
    }

    private static long ClassOf(long bytes, out int index)
    {
        var padded = bytes + Alignment; // a last whole vector may be read and written past the end
        index = IndexOf(padded);
        return CapacityOf(index);
    }

    // 1 … 8: as many lines of 64 bytes. Beyond, of the octave (2ᵏ, 2ᵏ⁺¹] in steps of 2ᵏ/8: 8k + 9 … 8k + 16.
    private static int IndexOf(long padded)
    {
        if (padded <= 8 * Alignment) return (int)((padded + Alignment - 1) / Alignment);
        var k = BitOperations.Log2((ulong)(padded - 1));
        return 8 * k + (int)((padded - 1) >> (k - 3)) + 1;
    }

    private static long CapacityOf(int index)
    {
        if (index <= 8) return index * Alignment;
        var k = (index - 9) / 8;
        return (long)(index - 8 * k) << (k - 3);
    }
}
