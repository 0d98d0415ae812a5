namespace Noether.Examples.SharpnessAware;

/// <summary>What the experiment on two layers writes.</summary>
/// <param name="Loss">Its convention.</param>
/// <param name="Activation">Of both networks.</param>
/// <param name="Penalty">Whether the gradient's norm was penalised, instead of weights being perturbed.</param>
/// <param name="Steps">Of one point each.</param>
/// <param name="RankShare">The part of the features' squares that counted components hold.</param>
/// <param name="Course">All students at every measurement.</param>
internal sealed record MechanismResults(string Loss, string Activation, bool Penalty, int Steps, double RankShare, StudentMeasure[] Course)
{
    /// <summary>After training.</summary>
    public StudentMeasure[] Final => [.. Course.Where(each => each.Step == Steps)];

    /// <summary>ρ of the students, ascending.</summary>
    public double[] Radii => [.. Final.Select(static each => each.Radius).Distinct().Order()];

    /// <summary>Whether and by how much ranks fall, by seed.</summary>
    public RankTrend[] Trends => [.. Final.GroupBy(static each => each.Seed).Select(own => RankTrend.Of("hidden", own.Key, [.. own.OrderBy(static each => each.Radius).Select(static each => each.Rank)]))];
}
