using System.Globalization;

namespace Noether.Examples;

/// <summary>Numbers of several seeds in words.</summary>
public static class Spread
{
    /// <summary>Mean and standard deviation; of one number itself.</summary>
    /// <param name="values">One a seed, at least one.</param>
    /// <param name="format">Of both.</param>
    public static string Of(double[] values, string format)
    {
        ArgumentNullException.ThrowIfNull(values);
        var mean = values.Average();
        var text = mean.ToString(format, CultureInfo.InvariantCulture);
        return values.Length == 1
            ? text
            : $"{text} ± {Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1)).ToString(format, CultureInfo.InvariantCulture)}";
    }
}
