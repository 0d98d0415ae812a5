namespace Noether.Devices;

internal sealed partial class MemoryPool
{
    private readonly List<WeakReference<BlockArena>> arenas = [];
    private volatile BlockArena? active; // of the thread that has the device's gate

    /// <summary>True if this thread's blocks come from an arena.</summary>
    public bool IsInArena => active is { IsMine: true };

    /// <summary>An arena without blocks.</summary>
    public BlockArena NewArena()
    {
        var arena = new BlockArena(this);
        lock (gate)
        {
            arenas.RemoveAll(static known => !known.TryGetTarget(out _));
            arenas.Add(new(arena));
        }

        return arena;
    }

    /// <summary>Keeps an arena from being given up until <see cref="LetGo"/>; false if it is gone.</summary>
    public bool TryHold(BlockArena arena)
    {
        lock (gate)
        {
            arena.IsBusy = !arena.IsGone;
            return arena.IsBusy;
        }
    }

    public void LetGo(BlockArena arena)
    {
        lock (gate) arena.IsBusy = false;
    }

    /// <summary>From here on this thread's blocks come from a held arena and go back to it.</summary>
    /// <param name="arena">The arena.</param>
    /// <param name="isRun">What comes is the work that the arena is for; see <see cref="BlockArena.Begin"/>.</param>
    public void Enter(BlockArena arena, bool isRun = false)
    {
        arena.Enter();
        if (isRun) arena.Begin();
        active = arena;
    }

    public void Leave()
    {
        active?.Leave();
        active = null;
    }

    /// <summary>Takes an arena's blocks back. What is queued in them runs before whoever gets them next.</summary>
    public void Reclaim(BlockArena arena)
    {
        lock (gate)
        {
            foreach (var (handle, capacity) in arena.GiveUp()) Return(handle, capacity);
        }
    }

    private void ForgetIn(nint handle)
    {
        foreach (var known in arenas)
        {
            if (known.TryGetTarget(out var arena) && arena.TryForget(handle)) return;
        }
    }

    private void GiveUpArenas()
    {
        lock (gate)
        {
            foreach (var known in arenas)
            {
                if (known.TryGetTarget(out var arena) && !arena.IsBusy) Reclaim(arena);
            }
        }
    }
}
