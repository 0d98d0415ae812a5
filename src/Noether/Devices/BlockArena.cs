namespace Noether.Devices;

/// <summary>
/// Blocks that stay with recorded work: while the arena is active on a thread, that thread's blocks come from it and go back to it, so that a second
/// run of the same work gets the same blocks, and the addresses that it was recorded with hold until the arena is given up.
/// </summary>
/// <remarks>
/// Its blocks count as in use. Who holds it (<see cref="MemoryPool.TryHold"/>) has it alone, but a block that was left to the collector may come back
/// on any thread: it goes to the pool, and what was recorded must not run any more.
/// </remarks>
internal sealed class BlockArena(MemoryPool pool) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<long, List<nint>> free = [];
    private readonly Dictionary<nint, long> inside = []; // free, or kept for the recording
    private readonly HashSet<nint> outside = [];         // given out, and owned by who has them
    private readonly List<nint> order = [];              // what the first run was given, in turn
    private int thread;
    private int given = -1; // in this run, of those; -1: the run is no one's
    private bool isFirst;

    /// <summary>The recording is garbage: the blocks are not.</summary>
    ~BlockArena() => pool.Reclaim(this);

    /// <summary>How many blocks it has.</summary>
    public int Count => inside.Count + outside.Count;

    /// <summary>True while work runs in it or is being queued: then it is not given up.</summary>
    public bool IsBusy { get; set; }

    /// <summary>True if some of its blocks are with the pool again, and what was recorded in them must not run.</summary>
    public bool IsGone { get; private set; }

    /// <summary>True on the thread whose blocks it gives and takes.</summary>
    public bool IsMine => thread == Environment.CurrentManagedThreadId;

    public void Enter() => thread = Environment.CurrentManagedThreadId;

    public void Leave() => (thread, given) = (0, -1);

    /// <summary>A run of the work begins, all its blocks free: each request is given the block that it was given in the first run.</summary>
    public void Begin() => (given, isFirst) = (0, order.Count == 0);

    public bool TryTake(long capacity, out nint handle)
    {
        lock (gate)
        {
            handle = 0;
            if (!free.TryGetValue(capacity, out var blocks) || blocks.Count == 0) return false;
            handle = Given(blocks);
            blocks.Remove(handle);
            inside.Remove(handle);
            outside.Add(handle);
            return true;
        }
    }

    /// <summary>Has a block of the pool's that it gives out.</summary>
    public void Add(nint handle)
    {
        lock (gate)
        {
            outside.Add(handle);
            if (given >= 0 && isFirst) order.Add(handle);
        }
    }

    /// <summary>Takes back a block that it has given out; false if it is another's.</summary>
    public bool TryGive(nint handle, long capacity)
    {
        lock (gate)
        {
            if (!outside.Remove(handle)) return false;
            inside.Add(handle, capacity);
            Push(handle, capacity);
            return true;
        }
    }

    /// <summary>Keeps a block that it has given out, for the recording's own use.</summary>
    public void Keep(nint handle, long capacity)
    {
        lock (gate)
        {
            if (outside.Remove(handle)) inside.Add(handle, capacity);
        }
    }

    /// <summary>Frees a block that was kept.</summary>
    public void Free(nint handle, long capacity)
    {
        lock (gate)
        {
            if (inside.ContainsKey(handle)) Push(handle, capacity);
        }
    }

    /// <summary>Gives a block up that comes back by another way; false if it is another's.</summary>
    public bool TryForget(nint handle)
    {
        lock (gate)
        {
            if (!outside.Remove(handle)) return false;
            IsGone = true;
            return true;
        }
    }

    /// <summary>All blocks that nobody else has; the caller takes them over.</summary>
    public KeyValuePair<nint, long>[] GiveUp()
    {
        lock (gate)
        {
            IsGone = true;
            var all = inside.ToArray();
            inside.Clear();
            free.Clear();
            return all;
        }
    }

    public void Dispose()
    {
        pool.Reclaim(this);
        GC.SuppressFinalize(this);
    }

    // The block that the first run was given by this request, if it is one of these.
    private nint Given(List<nint> blocks)
    {
        var last = blocks[^1];
        if (given < 0) return last;
        if (isFirst)
        {
            order.Add(last);
            return last;
        }

        return given < order.Count && blocks.Contains(order[given]) ? order[given++] : last;
    }

    private void Push(nint handle, long capacity)
    {
        if (!free.TryGetValue(capacity, out var blocks)) free.Add(capacity, blocks = []);
        blocks.Add(handle);
    }
}
