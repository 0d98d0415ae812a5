using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Noether.Devices.Host;

/// <summary>Persistent threads that share the indices of a loop; the caller takes part.</summary>
/// <remarks>
/// Algorithm: a loop is one object with an atomic cursor (<see cref="ParallelLoop"/>). Whoever is free takes the next chunk, so uneven parts
///            balance. Loop objects are used again: a loop allocates nothing.
/// Waiting:   an idle worker watches the loop counter, then parks on an event of its own; a parked pool costs nothing. To wake a sleeping
///            processor takes 5 to 100 µs, so how long it watches adapts: twice the gap, if a loop came soon after it had parked (the gaps
///            of a training loop), and half as long each time it watched in vain; between 20 µs and 1 ms.
/// Nesting:   a loop inside a loop runs on its caller alone, so kernels may be written parallel and called from a parallel loop.
/// Callers:   several threads that run loops at once count as that many workers: each loop takes only as many helpers as are left over, and
///            one loop at a time has helpers. So callers and workers together are never more than <see cref="Threads"/> by the pool's doing.
/// Cost:      well below 1 µs a loop while the workers watch.
/// </remarks>
internal sealed class WorkerPool
{
    private static readonly long Microsecond = Stopwatch.Frequency / 1_000_000;

    [ThreadStatic]
    private static bool Inside;

    private readonly Lock gate = new();
    private Worker[] workers = [];
    private ParallelLoop? current;
    private int generation;
    private int callers;
    private int busy;
    private int threads;

    /// <summary>A pool of <paramref name="threads"/> threads, the caller among them; they start with the first loop.</summary>
    public WorkerPool(int threads) => Threads = threads;

    /// <summary>The most threads a pool takes.</summary>
    public const int MaxThreads = 1024;

    /// <summary>The pool of the host device: <c>NOETHER_THREADS</c> threads if that is a number, else one a processor.</summary>
    public static WorkerPool Shared { get; } = new(Asked(Environment.GetEnvironmentVariable("NOETHER_THREADS"), Environment.ProcessorCount));

    /// <summary>How many threads share a loop, the caller among them. Takes effect with the next loop.</summary>
    public int Threads
    {
        get => Volatile.Read(ref threads);
        set
        {
            lock (gate)
            {
                threads = Math.Clamp(value, 1, MaxThreads);
                var leaving = workers.AsSpan(Math.Min(workers.Length, threads - 1));
                foreach (var worker in leaving) worker.Leave();
                workers = workers[..(workers.Length - leaving.Length)];
            }
        }
    }

    /// <summary>True on a thread that is running a part of some loop: another loop would run on it alone.</summary>
    public static bool InsideLoop => Inside;

    /// <summary>How many workers are parked.</summary>
    public int Parked => Volatile.Read(ref workers).Count(static worker => worker.IsParked);

    /// <summary>The number of threads that the text asks for, or <paramref name="fallback"/> if it is not a positive number.</summary>
    public static int Asked(string? text, int fallback) => int.TryParse(text, out var asked) && asked > 0 ? asked : fallback;

    /// <summary>Runs <paramref name="body"/> for every index below <paramref name="count"/> and returns when all are done.</summary>
    /// <exception cref="Exception">The first exception of a body; parts not yet begun are then skipped.</exception>
    public void For<TBody>(int count, TBody body)
        where TBody : struct, IParallelBody
    {
        if (count <= 1 || Inside || Threads == 1)
        {
            for (var i = 0; i < count; i++)
                body.Invoke(i);
            return;
        }

        var others = Interlocked.Increment(ref callers) - 1;
        Inside = true;
        try
        {
            var sharers = Math.Min(Threads - others, count);
            if (sharers > 1 && Interlocked.CompareExchange(ref busy, 1, 0) == 0)
            {
                Share(count, body, sharers);
            }
            else
            {
                for (var i = 0; i < count; i++)
                    body.Invoke(i);
            }
        }
        finally
        {
            Inside = false;
            Interlocked.Decrement(ref callers);
        }
    }

    /// <summary>As <see cref="For{TBody}"/>, where a delegate is convenient and the parts are large.</summary>
    public void For(int count, Action<int> body) => For(count, new DelegateBody(body));

    private void Share<TBody>(int count, TBody body, int sharers)
        where TBody : struct, IParallelBody
    {
        ExceptionDispatchInfo? failure;
        try
        {
            var helpers = Helpers(sharers - 1);
            var loop = ParallelLoop<TBody>.Rent();
            loop.Begin(body, count, sharers);
            Volatile.Write(ref current, loop);
            Interlocked.Increment(ref generation); // a full fence: either we see the worker parked, or it sees the new number
            foreach (var helper in helpers) helper.Wake();
            loop.Join();
            loop.WaitForOthers();
            Volatile.Write(ref current, null);
            failure = loop.End();
            loop.GiveBack();
        }
        finally
        {
            Volatile.Write(ref busy, 0);
        }

        failure?.Throw();
    }

    private ReadOnlySpan<Worker> Helpers(int count)
    {
        var present = Volatile.Read(ref workers);
        if (present.Length < count)
        {
            lock (gate)
            {
                var wanted = Math.Min(count, threads - 1);
                present = workers;
                if (present.Length < wanted)
                    workers = present = [.. present, .. Enumerable.Range(present.Length, wanted - present.Length).Select(number => new Worker(this, number))];
            }
        }

        return present.AsSpan(0, Math.Min(count, present.Length));
    }

    private readonly struct DelegateBody(Action<int> body) : IParallelBody
    {
        public void Invoke(int index) => body(index);
    }

    private sealed class Worker
    {
        private readonly WorkerPool pool;
        private readonly int number;
        private readonly AutoResetEvent news = new(initialState: false);
        private long patience = 100 * Microsecond;
        private int parked;
        private volatile bool leaves;

        public Worker(WorkerPool pool, int number)
        {
            this.pool = pool;
            this.number = number;
            new Thread(Work) { IsBackground = true, Name = $"Noether worker {number + 1}" }.Start(Volatile.Read(ref pool.generation));
        }

        public bool IsParked => Volatile.Read(ref parked) != 0;

        /// <summary>Wakes the worker if it is parked.</summary>
        public void Wake()
        {
            if (Volatile.Read(ref parked) != 0 && Interlocked.Exchange(ref parked, 0) != 0) news.Set();
        }

        /// <summary>Lets the thread end after the loop in which it may be.</summary>
        public void Leave()
        {
            leaves = true;
            Interlocked.MemoryBarrier();
            Wake();
        }

        private void Work(object? generation)
        {
            Inside = true;
            var seen = (int)generation!;
            while (!leaves)
            {
                AwaitNews(seen);
                seen = Volatile.Read(ref pool.generation);
                if (Volatile.Read(ref pool.current) is { } loop && number < loop.Sharers - 1) loop.Join();
            }
        }

        private void AwaitNews(int seen)
        {
            var started = Stopwatch.GetTimestamp();
            while (Volatile.Read(ref pool.generation) == seen && !leaves)
            {
                if (Stopwatch.GetTimestamp() - started < patience)
                {
                    Thread.SpinWait(1);
                    continue;
                }

                Interlocked.Exchange(ref parked, 1);
                if ((Volatile.Read(ref pool.generation) != seen || leaves) && Interlocked.Exchange(ref parked, 0) != 0) return;
                news.WaitOne();
                var gap = Stopwatch.GetTimestamp() - started;
                patience = Math.Clamp(gap < 1000 * Microsecond ? 2 * gap : patience / 2, 20 * Microsecond, 1000 * Microsecond);
                return;
            }
        }
    }
}
