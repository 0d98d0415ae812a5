using System.Globalization;

namespace Noether.Examples;

/// <summary>Numbers of several seeds.</summary>
/// <param name="Mean">NaN if one of them is not finite.</param>
/// <param name="Deviation">The standard deviation, of n - 1; NaN of a single number.</param>
public sealed record Spread(double Mean, double Deviation)
{
    /// <summary>Mean and standard deviation.</summary>
    /// <param name="values">One a seed, at least one.</param>
    public static Spread Of(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var mean = values.All(double.IsFinite) ? values.Average() : double.NaN;
        return new(mean, values.Count > 1 ? Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1)) : double.NaN);
    }

    /// <summary>Mean and standard deviation in words; of one number itself.</summary>
    /// <param name="values">One a seed, at least one.</param>
    /// <param name="format">Of both.</param>
    public static string Of(double[] values, string format) => Of(values).ToString(format);

    /// <summary>In words; a dash if the mean is no number.</summary>
    /// <param name="format">Of both numbers.</param>
    /// <param name="scale">What both are multiplied by: 100 for parts in percent.</param>
    public string ToString(string format, double scale = 1)
    {
        if (!double.IsFinite(Mean)) return "-";
        var mean = (scale * Mean).ToString(format, CultureInfo.InvariantCulture);
        return double.IsFinite(Deviation) ? $"{mean} ± {(scale * Deviation).ToString(format, CultureInfo.InvariantCulture)}" : mean;
    }
}
