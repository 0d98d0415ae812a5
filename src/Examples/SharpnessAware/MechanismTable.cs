using System.Globalization;

namespace Noether.Examples.SharpnessAware;

/// <summary>The experiment on two layers in numbers, beside the paper's.</summary>
internal static class MechanismTable
{
    /// <summary>The heads.</summary>
    public static readonly string[] Columns = ["rho", "rank", "paper", "alive", "paper ", "distinct", "paper  ", "test loss", "paper   ", "train loss"];

    /// <summary>What the numbers are.</summary>
    public const string Caption = "medians over seeds, the least and the most in brackets; the paper's numbers are of one seed";

    /// <summary>A row for each ρ.</summary>
    public static IEnumerable<string[]> Rows(MechanismResults results)
    {
        var (last, published) = (results.Final, PublishedMechanism.Of(results.Activation, results.Penalty));
        return results.Radii.Select(radius =>
        {
            var own = last.Where(each => each.Radius == radius).ToArray();
            var at = published.Radii.ToList().IndexOf(radius);
            return (string[])
            [
                Text(radius), Range([.. own.Select(static each => each.Rank)], "0"), Paper(published.Rank, at), Range([.. own.Select(static each => (double)each.Alive)], "0"), Paper(published.Alive, at),
                Range([.. own.Select(static each => (double)each.Distinct)], "0"), Paper(published.Distinct, at), Range([.. own.Select(static each => each.TestLoss)], "0.0000"), Paper(published.TestLoss, at),
                Median(own.Select(static each => each.TrainLoss)).ToString("0.0e+0", CultureInfo.InvariantCulture),
            ];
        });
    }

    /// <summary>In how many seeds ranks fall from each radius to the next, and the part that is lost at the largest.</summary>
    public static string Claim(MechanismResults results)
    {
        var (trends, radii) = (results.Trends, results.Radii);
        return string.Create(CultureInfo.InvariantCulture,
            $"ranks fall from each rho to the next in {trends.Count(static trend => trend.FallsMonotonically)} of {trends.Length} seeds; at rho {Text(radii[^1])} they have lost {Spread.Of([.. trends.Select(static trend => trend.Reductions[^1])]).ToString("0", scale: 100)} % of those at rho {Text(radii[0])}");
    }

    /// <summary>Of those that are finite; NaN if none is.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Where(double.IsFinite).Order()];
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static string Range(double[] values, string format)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        string Written(double value) => value.ToString(Math.Abs(value) >= 100 && format.Contains('.') ? "0" : format, CultureInfo.InvariantCulture);
        return finite.Length switch
        {
            0 => "-",
            1 => Written(finite[0]),
            _ => $"{Written(Median(finite))} ({Written(finite.Min())}-{Written(finite.Max())})",
        };
    }

    private static string Paper(double[]? numbers, int at) => numbers is null || at < 0 ? "-" : Text(numbers[at]);

    private static string Text(double number) => number.ToString("0.####", CultureInfo.InvariantCulture);
}
