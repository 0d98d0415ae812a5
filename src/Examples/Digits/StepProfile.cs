using Noether.Nn;

namespace Noether.Examples.Digits;

/// <summary>Where the time of training steps goes: on a state of their own, before the training that counts.</summary>
internal static class StepProfile
{
    private const int WarmSteps = 10; // the first ones compile and fetch memory
    private const int Steps = 20;

    /// <summary>Shows a table, and writes the steps to a file for chrome://tracing or ui.perfetto.dev.</summary>
    public static void Show(ExampleRun run, Trainer trainer, Dataset train, int batchSize, string path)
    {
        var state = trainer.Init(RandomKey.From(run.Seed));
        Fit(WarmSteps);
        var profile = Profiler.Record(() => Fit(Steps));
        run.Say($"training steps, {Math.Min(Steps, train.Count / batchSize)} of {batchSize} images:");
        run.Say(profile.ToString());
        profile.WriteChromeTrace(path);
        run.Say($"wrote {path}: open it with chrome://tracing or ui.perfetto.dev");

        void Fit(int steps) =>
            trainer.Fit(state, train[..Math.Min(steps * batchSize, train.Count)], new FitOptions { BatchSize = batchSize, Epochs = 1 }, run.Cancellation);
    }
}
