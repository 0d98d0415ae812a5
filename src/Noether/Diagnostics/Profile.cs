using System.Diagnostics;
using Noether.Devices.Host;
using Noether.Graphs;

namespace Noether;

/// <summary>What <see cref="Profiler.Record(Action)"/> recorded: as a table, as data, and as a file for trace viewers.</summary>
public sealed class Profile
{
    private readonly Recorder recorder;
    private readonly int threads = WorkerPool.Shared.Threads;
    private readonly Dictionary<Call, Named> named = new(ReferenceEqualityComparer.Instance);
    private readonly Lazy<IReadOnlyList<ProfileEvent>> events;
    private readonly Lazy<IReadOnlyList<ProfileEntry>> entries;

    internal Profile(Recorder recorder)
    {
        this.recorder = recorder;
        events = new(() => [.. recorder.Events.OrderBy(static e => e.Start).ThenByDescending(static e => e.End).Select(Event)]);
        entries = new(Summarise);
    }

    /// <summary>From the action's start to its end.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(recorder.Events[^1].Start, recorder.Events[^1].End);

    /// <summary>Every event in the order of starting, the enclosing ones first.</summary>
    public IReadOnlyList<ProfileEvent> Events => events.Value;

    /// <summary>Times by operation and source line, the longest first. Those of the action itself and of one thread add up to <see cref="Elapsed"/>.</summary>
    public IReadOnlyList<ProfileEntry> Entries => entries.Value;

    /// <summary>A table of the entries: calls, time, share of time, work, rates and shares of the machine's peak.</summary>
    /// <param name="rows">How many entries at most; the rest is one line.</param>
    public string Table(int rows = 40)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        return ProfileTable.Of(this, rows, threads);
    }

    /// <inheritdoc/>
    public override string ToString() => Table();

    /// <summary>Writes a file for chrome://tracing, ui.perfetto.dev or speedscope.app, whole or not at all (<see cref="AtomicFile"/>).</summary>
    /// <exception cref="FileFormatException">The file system refused: no such folder, access denied, disk full.</exception>
    public void WriteChromeTrace(string path) => ChromeTrace.Write(this, path);

    private ProfileEvent Event(Recorded what)
    {
        var start = Stopwatch.GetElapsedTime(recorder.Started, what.Start);
        var end = Stopwatch.GetElapsedTime(recorder.Started, what.End); // rounded as starts are, so that events nest still
        var duration = TimeSpan.FromTicks(Math.Max(1, (end - start).Ticks));
        var name = NameOf(what);
        return new(what.Kind, name.Operation, name.Source, name.Operands, what.Thread, start, duration, name.Cost.Flops, name.Cost.Bytes);
    }

    private List<ProfileEntry> Summarise()
    {
        var sums = new Dictionary<(ProfileKind, string, string, Device?, DType), (int Calls, long Ticks, Cost Cost)>();
        var all = recorder.Events;
        var own = OwnTicks(all);
        for (var i = 0; i < all.Count; i++)
        {
            var name = NameOf(all[i]);
            var key = (all[i].Kind, name.Operation, name.Source, all[i].Device, name.Type);
            var sum = sums.GetValueOrDefault(key);
            sums[key] = (sum.Calls + 1, sum.Ticks + own[i], sum.Cost + name.Cost);
        }

        var elapsed = Elapsed;
        var list = new List<ProfileEntry>();
        foreach (var ((kind, operation, source, device, type), (calls, ticks, cost)) in sums)
        {
            var time = Stopwatch.GetElapsedTime(0, ticks);
            list.Add(new(kind, operation, source, calls, time, time / elapsed, cost.Flops, cost.Bytes) { Threads = device == Device.Host ? threads : 0, Type = type });
        }

        list.Sort(static (a, b) => b.Time.CompareTo(a.Time));
        return list;
    }

    // Of each event, its time without that of the events directly inside it, on its thread.
    private static long[] OwnTicks(IReadOnlyList<Recorded> events)
    {
        int[] order = [.. Enumerable.Range(0, events.Count)
            .OrderBy(i => events[i].Thread).ThenBy(i => events[i].Start).ThenByDescending(i => events[i].End).ThenByDescending(static i => i)];
        var own = new long[events.Count];
        var open = new Stack<int>();
        foreach (var i in order)
        {
            var (start, end, thread) = (events[i].Start, events[i].End, events[i].Thread);
            while (open.TryPeek(out var last) && (events[last].Thread != thread || events[last].End <= start)) open.Pop();
            own[i] = end - start;
            if (open.TryPeek(out var around)) own[around] -= Math.Min(end, events[around].End) - start;
            open.Push(i);
        }

        return own;
    }

    private Named NameOf(Recorded what)
    {
        if (what.Call is not { Step: { } step } call) return Named.Of(what.Kind);
        lock (named)
        {
            if (!named.TryGetValue(call, out var name)) named[call] = name = Named.Of(step, call);
            return name;
        }
    }

    /// <summary>How an event is shown, and what it costs.</summary>
    private sealed record Named(string Operation, string Source, string Operands, Cost Cost, DType Type)
    {
        public static Named Of(ProfileKind kind) => new(
            kind switch
            {
                ProfileKind.Plan => "(planning)",
                ProfileKind.Evaluation => "(evaluation)",
                ProfileKind.Compilation => "(compilation)",
                ProfileKind.Replay => "(compiled function)",
                _ => "(outside the engine)",
            },
            "", "", default, default);

        public static Named Of(Step step, Call call)
        {
            var (x, y) = (Array.ConvertAll(call.X, static v => v.TensorType), Array.ConvertAll(call.Y, static v => v.TensorType));
            var operands = $"{string.Join(", ", x)} -> {string.Join(", ", y)}";
            return new(NameOf(step), CodePlace.Text(step.Places), operands, Cost.Of(step, x, y), y.Concat(x).FirstOrDefault(static t => t.DType.IsFloating()).DType);
        }

        private static string NameOf(Step step)
        {
            if (step.Epilogue is { } epilogue) return $"{step.Primitive!.Name}·{NameOf(epilogue)}";
            if (step.Group is not { } group) return step.Primitive!.Name;
            var names = group.Instructions.Select(static i => i.Operation).Where(static o => o is not Primitives.Constant).Select(static o => o.Name).ToList();
            if (names.Count == 0) names.Add(nameof(Primitives.Constant));
            if (step.Primitive is { } fold) names.Add(fold.Name);
            return string.Join('·', names);
        }
    }
}
