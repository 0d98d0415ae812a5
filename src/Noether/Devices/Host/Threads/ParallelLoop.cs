using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Noether.Devices.Host;

/// <summary>One loop of a <see cref="WorkerPool"/>: what its sharers take from, and how its caller learns that all is done.</summary>
/// <remarks>
/// The cursor and the number of the use lie in one 64-bit word, changed only by compare-and-exchange. Between uses the cursor is closed, so a
/// late worker that still holds the object can take nothing: sizes and body are read after the word, and were written while it was closed.
/// A chunk is an eighth of a fair share, at least one index: smaller ones balance better, larger ones touch the word less.
/// </remarks>
internal abstract class ParallelLoop
{
    private const int ChunksPerThread = 8;
    private const uint Closed = uint.MaxValue;

    private Contended shared = new();
    private int count;
    private int chunk;
    private int callerWaits;
    private ExceptionDispatchInfo? failure;

    /// <summary>How many threads may take part, the caller among them.</summary>
    public int Sharers { get; private set; }

    /// <summary>Takes chunks until none are left.</summary>
    public void Join()
    {
        while (true)
        {
            var word = Volatile.Read(ref shared.Word);
            var begin = (uint)word;
            if (begin == Closed) return;
            int count = this.count, chunk = this.chunk;
            if (begin >= count) return;
            var end = (int)Math.Min(count, begin + chunk);
            if (Interlocked.CompareExchange(ref shared.Word, word - begin + (uint)end, word) != word) continue;

            try
            {
                if (Volatile.Read(ref failure) is null)
                    Run((int)begin, end);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
            }

            if (Interlocked.Add(ref shared.Done, end - (int)begin) == count && Volatile.Read(ref callerWaits) != 0)
            {
                lock (this)
                    Monitor.Pulse(this);
            }
        }
    }

    /// <summary>
    /// Returns when every index is done. The caller watches, for the others are at work and soon ready; it offers its processor to other
    /// processes after a while, and parks when they have none to spare.
    /// </summary>
    public void WaitForOthers()
    {
        var watched = 0;
        var started = 0L;
        while (Volatile.Read(ref shared.Done) < count)
        {
            Thread.SpinWait(1);
            if (++watched % 256 != 0) continue;
            var now = Stopwatch.GetTimestamp();
            if (started == 0) started = now;
            var elapsed = (now - started) * 1_000_000 / Stopwatch.Frequency;
            if (elapsed < 100) continue;
            if (elapsed < 5000)
            {
                Thread.Yield();
                continue;
            }

            lock (this)
            {
                Volatile.Write(ref callerWaits, 1);
                Interlocked.MemoryBarrier(); // pairs with the add above: one of the two sees the other
                while (Volatile.Read(ref shared.Done) < count)
                    Monitor.Wait(this);
            }
        }
    }

    /// <summary>Closes the loop; returns what its bodies threw first.</summary>
    public ExceptionDispatchInfo? End()
    {
        Volatile.Write(ref shared.Word, ((shared.Word >> 32) + 1 << 32) | Closed);
        var thrown = failure;
        failure = null;
        return thrown;
    }

    protected void Open(int count, int sharers)
    {
        this.count = count;
        chunk = Math.Max(1, count / (sharers * ChunksPerThread));
        Sharers = sharers;
        callerWaits = 0;
        shared.Done = 0;
        Volatile.Write(ref shared.Word, shared.Word >> 32 << 32);
    }

    protected abstract void Run(int begin, int end);

    // On lines of their own, lest a change of one field slow down the reading of another.
    [StructLayout(LayoutKind.Explicit, Size = 192)]
    private struct Contended
    {
        [FieldOffset(64)]
        public ulong Word;

        [FieldOffset(128)]
        public int Done;

        public Contended() => Word = Closed;
    }
}

/// <summary>A loop over one kind of body.</summary>
internal sealed class ParallelLoop<TBody> : ParallelLoop
    where TBody : struct, IParallelBody
{
    private static ParallelLoop<TBody>? Spare;

    private TBody body;

    /// <summary>A loop that nobody uses; <see cref="GiveBack"/> it.</summary>
    public static ParallelLoop<TBody> Rent() => Interlocked.Exchange(ref Spare, null) ?? new();

    public void GiveBack()
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<TBody>()) body = default;
        Volatile.Write(ref Spare, this);
    }

    public void Begin(TBody body, int count, int sharers)
    {
        this.body = body;
        Open(count, sharers);
    }

    protected override void Run(int begin, int end)
    {
        var local = body;
        for (var i = begin; i < end; i++)
            local.Invoke(i);
    }
}
