using System.Diagnostics;
using System.Globalization;

using Spectre.Console;

namespace Noether.Examples;

/// <summary>How far a piece of work is: a live bar on a terminal, plain lines some seconds apart elsewhere.</summary>
public sealed class ProgressBar : IDisposable
{
    // a log should not fill up, but show life
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Terminal terminal;
    private readonly string what;
    private readonly long total;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ProgressTask? bar;
    private readonly Task drawing = Task.CompletedTask;
    private TimeSpan spoken;
    private long done, start, spokenAt = -1;
    private string status = "";
    private bool disposed;

    internal ProgressBar(Terminal terminal, string what, long total)
    {
        (this.terminal, this.what, this.total) = (terminal, what, Math.Max(total, 1));
        if (!terminal.IsLive)
            return;

        // Spectre draws for as long as a callback runs: it runs until Dispose
        var begun = new TaskCompletionSource<ProgressTask>(TaskCreationOptions.RunContinuationsAsynchronously);
        drawing = Task.Run(() => terminal.Screen.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context =>
            {
                begun.SetResult(context.AddTask(Markup.Escape(what), maxValue: this.total));
                return over.Task;
            }));
        // a drawing that fails before the first bar would leave us waiting
        bar = Task.WhenAny(begun.Task, drawing).GetAwaiter().GetResult() == begun.Task ? begun.Task.Result : null;
    }

    /// <summary>Some steps are done.</summary>
    /// <param name="status">What to show beside the bar: "loss 0.231".</param>
    /// <param name="steps">How many.</param>
    public void Advance(string status = "", long steps = 1)
    {
        done = Math.Min(done + steps, total);
        this.status = status;
        if (bar is not null)
        {
            bar.Value = done;
            bar.Description = Markup.Escape(status.Length == 0 ? what : $"{what}  {status}");
        }
        else if (clock.Elapsed - spoken >= Interval)
        {
            Speak();
        }
    }

    /// <summary>Some steps were done before this run, by the one that it resumes.</summary>
    public void Skip(long steps)
    {
        start += steps;
        Advance(steps: steps);
    }

    /// <summary>Ends the bar where it stands; elsewhere writes the last line.</summary>
    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        if (bar is null)
        {
            if (spokenAt != done)
                Speak();
            return;
        }

        bar.StopTask();
        over.SetResult();
        drawing.GetAwaiter().GetResult();
    }

    private void Speak()
    {
        (spoken, spokenAt) = (clock.Elapsed, done);
        var line = string.Create(CultureInfo.InvariantCulture, $"{what}: {100.0 * done / total:0}% ({done:N0} of {total:N0})");
        if (status.Length > 0)
            line += $", {status}";
        line += string.Create(CultureInfo.InvariantCulture, $", {spoken.TotalSeconds:0.0} s");
        if (done > start && done < total)
            line += string.Create(CultureInfo.InvariantCulture, $", {spoken.TotalSeconds * (total - done) / (done - start):0} s left");
        terminal.Say(line);
    }
}
