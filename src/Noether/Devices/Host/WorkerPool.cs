namespace Noether.Devices.Host;

/// <summary>Persistent threads that share the indices of a loop; the caller takes part.</summary>
/// <remarks>
/// Algorithm: a loop is one small object with an atomic cursor. Whoever is free takes the next chunk (an eighth of a fair share,
///            at least one index), so uneven parts balance. A late worker finds the cursor at the end and leaves the loop's body alone.
/// Waiting:   an idle worker watches the loop counter for some 10 µs, which covers the gap between two kernels of one evaluation,
///            then parks on a monitor; a parked pool costs nothing.
/// Nesting:   a loop inside a loop, or beside one of another thread, runs on its caller alone. So kernels may be written parallel and
///            called from a parallel loop, without deadlock or more threads than processors.
/// Cost:      about 1 µs a loop while the workers are awake, some 10 µs when they are parked.
/// </remarks>
internal sealed class WorkerPool
{
    // 10 µs in ticks of the stopwatch.
    private static readonly long SpinTicks = System.Diagnostics.Stopwatch.Frequency / 100_000;

    // Smaller chunks balance better, larger ones touch the cursor less.
    private const int ChunksPerThread = 8;

    [ThreadStatic]
    private static bool Inside;

    private readonly object gate = new();
    private readonly bool[] alive = new bool[MaxThreads];
    private Loop? current;
    private int generation;
    private int parked;
    private int busy;
    private int threads;

    /// <summary>A pool of <paramref name="threads"/> threads, the caller among them; they start with the first loop.</summary>
    public WorkerPool(int threads) => Threads = threads;

    /// <summary>The most threads a pool takes.</summary>
    public const int MaxThreads = 1024;

    /// <summary>The pool of the host device: <c>NOETHER_THREADS</c> threads if that is a number, else one a processor.</summary>
    public static WorkerPool Shared { get; } = new(
        int.TryParse(Environment.GetEnvironmentVariable("NOETHER_THREADS"), out var asked) && asked > 0 ? asked : Environment.ProcessorCount);

    /// <summary>How many threads share a loop, the caller among them. Takes effect with the next loop.</summary>
    public int Threads
    {
        get => Volatile.Read(ref threads);
        set
        {
            lock (gate)
            {
                threads = Math.Clamp(value, 1, MaxThreads);
                Interlocked.Increment(ref generation); // lets those beyond the new number leave
                Monitor.PulseAll(gate);
            }
        }
    }

    /// <summary>True on a thread that is running a part of some loop: another loop would run on it alone.</summary>
    public static bool InsideLoop => Inside;

    /// <summary>Runs <paramref name="body"/> for every index below <paramref name="count"/> and returns when all are done.</summary>
    /// <exception cref="Exception">The first exception of a body; parts not yet begun are then skipped.</exception>
    public void For<TBody>(int count, TBody body)
        where TBody : struct, IParallelBody
    {
        var sharers = Math.Min(Threads, count);
        if (sharers <= 1 || Inside || Interlocked.CompareExchange(ref busy, 1, 0) != 0)
        {
            for (var i = 0; i < count; i++)
                body.Invoke(i);
            return;
        }

        var loop = new Loop<TBody>(body, count, Math.Max(1, count / (sharers * ChunksPerThread)));
        try
        {
            Start(loop, sharers - 1);
            Inside = true;
            loop.Share();
            loop.WaitForOthers();
        }
        finally
        {
            Inside = false;
            Volatile.Write(ref current, null);
            Volatile.Write(ref busy, 0);
        }

        loop.ThrowIfFailed();
    }

    /// <summary>As <see cref="For{TBody}"/>, where a delegate is convenient and the parts are large.</summary>
    public void For(int count, Action<int> body) => For(count, new DelegateBody(body));

    private void Start(Loop loop, int helpers)
    {
        for (var i = 0; i < helpers; i++)
            if (!Volatile.Read(ref alive[i]))
                Raise(i);

        Volatile.Write(ref current, loop);
        Interlocked.Increment(ref generation); // a full fence: either we see the worker parked, or it sees the new number
        if (Volatile.Read(ref parked) == 0)
            return;

        lock (gate)
        {
            if (helpers >= parked)
                Monitor.PulseAll(gate);
            else
                for (var i = 0; i < helpers; i++)
                    Monitor.Pulse(gate);
        }
    }

    private void Raise(int worker)
    {
        lock (gate)
        {
            if (alive[worker] || worker >= threads - 1)
                return;
            alive[worker] = true;
        }

        new Thread(() => Work(worker)) { IsBackground = true, Name = $"Noether worker {worker + 1}" }.Start();
    }

    private void Work(int worker)
    {
        Inside = true;
        var seen = Volatile.Read(ref generation) - 1; // a loop may be waiting already
        while (true)
        {
            AwaitNews(seen);
            seen = Volatile.Read(ref generation);
            lock (gate)
            {
                if (worker >= threads - 1)
                {
                    alive[worker] = false;
                    return;
                }
            }

            Volatile.Read(ref current)?.Share();
        }
    }

    private void AwaitNews(int seen)
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        while (Volatile.Read(ref generation) == seen)
        {
            if (System.Diagnostics.Stopwatch.GetTimestamp() - started < SpinTicks)
            {
                Thread.SpinWait(4);
                continue;
            }

            lock (gate)
            {
                Interlocked.Increment(ref parked);
                while (Volatile.Read(ref generation) == seen)
                    Monitor.Wait(gate);
                Interlocked.Decrement(ref parked);
            }
        }
    }

    private readonly struct DelegateBody(Action<int> body) : IParallelBody
    {
        public void Invoke(int index) => body(index);
    }

    // One loop: everything that its sharers touch, so that a late worker can do no harm to the next one.
    private abstract class Loop(int count, int chunk)
    {
        private readonly object finish = new();
        private int cursor;
        private int done;
        private bool callerWaits;
        private System.Runtime.ExceptionServices.ExceptionDispatchInfo? failure;

        public void Share()
        {
            while (true)
            {
                var begin = Interlocked.Add(ref cursor, chunk) - chunk;
                if (begin >= count || begin < 0)
                    return;

                var end = Math.Min(count, begin + chunk);
                try
                {
                    if (Volatile.Read(ref failure) is null)
                        Run(begin, end);
                }
                catch (Exception e)
                {
                    Interlocked.CompareExchange(ref failure, System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e), null);
                }

                if (Interlocked.Add(ref done, end - begin) == count && Volatile.Read(ref callerWaits))
                    lock (finish)
                        Monitor.Pulse(finish);
            }
        }

        public void WaitForOthers()
        {
            var started = System.Diagnostics.Stopwatch.GetTimestamp();
            while (Volatile.Read(ref done) < count)
            {
                if (System.Diagnostics.Stopwatch.GetTimestamp() - started < SpinTicks)
                {
                    Thread.SpinWait(4);
                    continue;
                }

                lock (finish)
                {
                    Volatile.Write(ref callerWaits, true);
                    Interlocked.MemoryBarrier(); // pairs with the add above: one of the two sees the other
                    while (Volatile.Read(ref done) < count)
                        Monitor.Wait(finish);
                }
            }
        }

        public void ThrowIfFailed() => failure?.Throw();

        protected abstract void Run(int begin, int end);
    }

    private sealed class Loop<TBody>(TBody body, int count, int chunk) : Loop(count, chunk)
        where TBody : struct, IParallelBody
    {
        protected override void Run(int begin, int end)
        {
            var local = body;
            for (var i = begin; i < end; i++)
                local.Invoke(i);
        }
    }
}
