using Noether.Devices.Host;

namespace Noether.Bench.Cases;

/// <summary>The worker pool alone: how long a loop takes whose parts do nothing but meet.</summary>
internal static class PoolCases
{
    // A part that waits longer than this for the others goes home: the machine is busy with something else.
    private const int MostLooks = 100_000;

    public static IEnumerable<Case> All { get; } =
    [
        new("pool", "fork and join, every thread takes part", "", [], static _ => static () =>
        {
            var meeting = new Meeting(WorkerPool.Shared.Threads);
            WorkerPool.Shared.For(meeting.Expected, _ => meeting.Attend());
            return [];
        }),
    ];

    private sealed class Meeting(int expected)
    {
        private int here;

        public int Expected => expected;

        public void Attend()
        {
            Interlocked.Increment(ref here);
            for (var look = 0; look < MostLooks && Volatile.Read(ref here) < expected; look++) Thread.SpinWait(1);
        }
    }
}
