using System.Diagnostics;
using Noether.Graphs;

namespace Noether;

/// <summary>One thing that took time.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Device">Where; null for what no device does.</param>
/// <param name="Call">Of a step: the kernel and its operands.</param>
/// <param name="Start">By <see cref="Stopwatch"/>.</param>
/// <param name="End">Later than the start.</param>
/// <param name="Thread">The managed thread.</param>
internal readonly record struct Recorded(ProfileKind Kind, Device? Device, Call? Call, long Start, long End, int Thread);

/// <summary>Collects the events of one recording, from all threads of its flow.</summary>
/// <remarks>An event refers to the call of the plan that ran: names, lines and costs are worked out when a profile is read, not while the clock runs.</remarks>
/// <param name="outer">The recording around this one, which gets its events too.</param>
internal sealed class Recorder(Recorder? outer)
{
    private readonly Lock gate = new();
    private readonly List<Recorded> events = [];
    private readonly long started = Stopwatch.GetTimestamp();
    private bool hasEnded;

    /// <summary>Complete once ended; the action itself is the last.</summary>
    public IReadOnlyList<Recorded> Events => events;

    public long Started => started;

    /// <summary>Adds what ends now. A task that outlives the action finds the recording ended.</summary>
    public void Add(ProfileKind kind, long start, Device? device = null, Call? call = null)
    {
        device?.Finish();
        Append(new(kind, device, call, start, Math.Max(Stopwatch.GetTimestamp(), start + 1), Environment.CurrentManagedThreadId));
    }

    public void End()
    {
        Append(new(ProfileKind.Action, null, null, started, Math.Max(Stopwatch.GetTimestamp(), started + 1), Environment.CurrentManagedThreadId));
        lock (gate) hasEnded = true;
    }

    private void Append(Recorded what)
    {
        lock (gate)
        {
            if (hasEnded) return;
            events.Add(what);
        }

        outer?.Append(what);
    }
}
