using System.Globalization;

using ScottPlot.TickGenerators;

namespace Noether.Plots;

/// <summary>Ticks of an axis that shows log10: powers of ten when it spans several, 1-2-5 steps when it spans few.</summary>
internal static class LogarithmicTicks
{
    private const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    // more labels than this crowd a small figure
    private const int MostLabels = 9;

    // up to here labels at 1, 2 and 5 fit; above, the powers alone tell enough
    private const double SeveralDecades = 2.5;

    public static NumericManual Between(double low, double high)
    {
        var ticks = new NumericManual();
        if (!(high > low))
            return ticks;
        var (first, last) = ((int)Math.Floor(low), (int)Math.Ceiling(high));
        var span = high - low;
        // under 0.3 decades even 1-2-5 gives fewer than two labels: even steps of the number itself
        if (span < 0.3)
        {
            Even(ticks, Math.Pow(10, low), Math.Pow(10, high));
            return ticks;
        }

        var stride = Math.Max(1, (int)Math.Ceiling(span / MostLabels));
        for (var power = first; power <= last; power++)
        {
            for (var digit = 1; digit < 10; digit++)
            {
                var at = power + Math.Log10(digit);
                if (at < low - 1e-9 || at > high + 1e-9)
                    continue;
                var labelled = span > SeveralDecades ? digit == 1 && power % stride == 0 : span > 0.9 ? digit is 1 or 2 or 5 : true;
                if (labelled)
                    ticks.AddMajor(at, span > SeveralDecades ? Power(power) : Plain(digit * Math.Pow(10, power)));
                else if (stride == 1)
                    ticks.AddMinor(at);
            }
        }

        return ticks;
    }

    private static void Even(NumericManual ticks, double low, double high)
    {
        var rough = (high - low) / 5;
        var unit = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = unit * (rough / unit) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 };
        if (!(step > 0))
            return;
        for (var n = Math.Ceiling(low / step); n * step <= high; n++)
            ticks.AddMajor(Math.Log10(n * step), Plain(n * step));
    }

    private static string Plain(double value) =>
        value is >= 1e-3 and < 1e5
            ? value.ToString("0.#####", CultureInfo.InvariantCulture)
            : value.ToString("0.##e0", CultureInfo.InvariantCulture);

    private static string Power(int power) => power switch
    {
        0 => "1",
        1 => "10",
        _ => "10" + string.Concat(power.ToString(CultureInfo.InvariantCulture).Select(digit => digit == '-' ? '⁻' : Superscripts[digit - '0'])),
    };
}
