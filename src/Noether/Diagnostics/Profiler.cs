using Noether.Graphs;

namespace Noether;

/// <summary>Records what the engine does while an action runs: where its time goes, by operation and by line of the caller's code.</summary>
/// <remarks>
/// <code>
/// var profile = Profiler.Record(() => step(weights, images).Evaluate());
/// Console.WriteLine(profile);               // a table
/// profile.WriteChromeTrace("step.json");    // for chrome://tracing or ui.perfetto.dev
/// </code>
/// Tensors are lazy: an operation runs, and is recorded, when its value is read. What the action leaves pending is not evaluated and not in the
/// profile; read it inside, or return it: <see cref="Record{T}"/> evaluates what its function returns. Tensors made before and read inside are
/// recorded too, without lines. Do a step or two before recording: the first ones plan, compile and fetch memory.
/// A compiled function's lines are known also when it was compiled earlier.
/// A recording follows the flow of control: threads and tasks that the action starts are in it, other threads are not, so two threads may record at
/// once, each its own. Recordings nest: the outer has the inner's events too. Off, it costs a look at one field for each evaluation and for each node.
/// On, it costs some ten microseconds for each node made outside a compiled function, and less than one for each step. On a GPU each step is waited
/// for, which takes away the overlap of steps.
/// </remarks>
public static class Profiler
{
    private static readonly AsyncLocal<Recorder?> Flow = new();

    private static int Active;

    /// <summary>What records the current flow; null almost always.</summary>
    internal static Recorder? Current => Volatile.Read(ref Active) == 0 ? null : Flow.Value;

    /// <summary>Runs an action and returns what the engine did meanwhile.</summary>
    /// <remarks>An exception ends the recording and goes to the caller.</remarks>
    public static Profile Record(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        var outer = Flow.Value;
        var recorder = new Recorder(outer);
        Interlocked.Increment(ref Active);
        Flow.Value = recorder;
        try
        {
            using (CodePlace.Watched(thisThread: false)) action();
        }
        finally
        {
            Flow.Value = outer;
            Interlocked.Decrement(ref Active);
            recorder.End();
        }

        return new(recorder);
    }

    /// <summary>Runs a function, evaluates what it returns, and returns what the engine did meanwhile.</summary>
    /// <param name="f">Returns a tensor or a tree of tensors.</param>
    public static Profile Record<T>(Func<T> f)
        where T : ITensorTree<T>
    {
        ArgumentNullException.ThrowIfNull(f);
        return Record(() => Executor.Evaluate([.. f().Leaves]));
    }
}
