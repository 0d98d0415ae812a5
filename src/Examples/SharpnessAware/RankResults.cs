namespace Noether.Examples.SharpnessAware;

/// <summary>What a study writes in the end.</summary>
/// <param name="Settings">Of the run.</param>
/// <param name="Loss">Its convention.</param>
/// <param name="Error">What the test error is.</param>
/// <param name="Data">Where they are from.</param>
/// <param name="ProbeData">What the probes learn.</param>
/// <param name="Optimizer">The base optimiser.</param>
/// <param name="MeasuredExamples">Of the training set, on which features are measured.</param>
/// <param name="Final">The networks after training.</param>
/// <param name="Probes">Classifiers on their features.</param>
internal sealed record RankResults(
    string Settings, string Loss, string Error, string Data, string ProbeData, string Optimizer, int MeasuredExamples, Moment[] Final, List<ProbeScore> Probes);
