using Noether.Models.Sharpening;
using Noether.Models.Statistics;

namespace Noether.Examples.Sharpening;

/// <summary>What the sweep writes.</summary>
/// <param name="Settings">Everything that the rows depend on: <see cref="RunSettings"/>.</param>
/// <param name="Rows">The networks.</param>
internal sealed record SweepResults(string Settings, List<SweepRow> Rows)
{
    /// <summary>The name of the network that all are compared with.</summary>
    public const string None = "none";

    /// <summary>What the gap is compared with.</summary>
    public static readonly (string Name, Func<SharpnessReading, double> Number)[] Measures =
    [
        ("largest ‖J‖, training", static r => r.Train.Max), ("mean ‖J‖, training", static r => r.Train.Mean),
        ("largest ‖J‖, test", static r => r.Test.Max), ("mean ‖J‖, test", static r => r.Test.Mean),
        ("sharpness", static r => r.Sharpness), ("λ_max of G", static r => r.GaussNewton),
    ];

    /// <summary>Spearman's correlation of the gaps of losses and of accuracies with a measure, over the networks of some rows that did not diverge.</summary>
    public static (double Loss, double Accuracy) Correlation(IEnumerable<SweepRow> rows, Func<SharpnessReading, double> measure)
    {
        SharpnessReading[] all = [.. rows.Select(static row => row.Reading).Where(static r => double.IsFinite(r.Sharpness) && double.IsFinite(r.TestLoss))];
        double[] values = [.. all.Select(measure)];
        return (Agreement.Spearman([.. all.Select(static r => r.LossGap)], values), Agreement.Spearman([.. all.Select(static r => r.AccuracyGap)], values));
    }

    /// <summary>The rows of one regulariser and of the network without, by strength.</summary>
    public IEnumerable<SweepRow> Of(string regulariser) => Rows.Where(row => row.Regulariser == regulariser || row.Regulariser == None).OrderBy(static row => row.Strength);

    /// <summary>The regularisers, in order.</summary>
    public string[] Regularisers => [.. Rows.Select(static row => row.Regulariser).Distinct().Where(static name => name != None)];
}
