using System.Diagnostics;
using System.Globalization;
using Noether.Devices;
using Noether.Graphs;

namespace Noether;

/// <summary>Lists what evaluations run: each group and primitive with its shapes, time and rate.</summary>
/// <remarks><c>NOETHER_TRACE=1</c> writes the list of the whole process to standard error.</remarks>
public static class Trace
{
    [ThreadStatic]
    private static List<string>? Recording;

    private static readonly bool Always = Environment.GetEnvironmentVariable("NOETHER_TRACE") is "1" or "true";

    internal static bool IsOn => Always || Recording is not null;

    /// <summary>Runs an action and returns one line for each step its evaluations ran on this thread.</summary>
    public static IReadOnlyList<string> Record(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        var outer = Recording;
        Recording = [];
        try
        {
            action();
            return Recording;
        }
        finally
        {
            Recording = outer;
        }
    }

    internal static void Add(Step step, View[] x, View[] y, long started)
    {
        var milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        var (operations, bytes) = Cost.Of(step, Array.ConvertAll(x, static v => v.TensorType), Array.ConvertAll(y, static v => v.TensorType));
        var line = string.Create(CultureInfo.InvariantCulture,
            $"{milliseconds,9:0.000} ms {operations / milliseconds / 1e6,8:0.0} GFLOP/s {bytes / milliseconds / 1e6,8:0.0} GB/s  {step.Name} ({string.Join(", ", x.Select(v => v.Type.Name() + v.Shape))}) -> {string.Join(", ", y.Select(v => v.Type.Name() + v.Shape))}");
        if (Recording is { } list) list.Add(line);
        if (Always) Console.Error.WriteLine(line);
    }
}
