using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Noether.Nn;

/// <summary>Makes the next items of a sequence on a background thread while the current one is used.</summary>
public static class Prefetching
{
    /// <summary>
    /// The same sequence, in the same order, made ahead of time by one background thread. An exception in the sequence reaches the consumer at its
    /// place; leaving the loop early stops the thread and disposes the sequence.
    /// </summary>
    /// <param name="source">The sequence; enumerated once on another thread for each enumeration of the result.</param>
    /// <param name="ahead">How many items may wait.</param>
    public static IEnumerable<T> Prefetch<T>(this IEnumerable<T> source, int ahead = 2)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ahead);
        return Run(source, ahead);
    }

    private static IEnumerable<T> Run<T>(IEnumerable<T> source, int ahead)
    {
        using var stop = new CancellationTokenSource();
        using var ready = new BlockingCollection<T>(ahead);
        ExceptionDispatchInfo? failure = null;
        var producer = new Thread(Produce) { IsBackground = true, Name = "Noether prefetch" };
        producer.Start();
        try
        {
            foreach (var item in ready.GetConsumingEnumerable()) yield return item;
            Volatile.Read(ref failure)?.Throw();
        }
        finally
        {
            stop.Cancel();
            producer.Join(); // the collection and the source are in use until then
        }

        void Produce()
        {
            try
            {
                foreach (var item in source) ready.Add(item, stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // the consumer left
            }
            catch (Exception error)
            {
                Volatile.Write(ref failure, ExceptionDispatchInfo.Capture(error));
            }
            finally
            {
                ready.CompleteAdding();
            }
        }
    }
}
