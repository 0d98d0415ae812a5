namespace Noether.Bench.Comparing;

/// <summary>What several measurements of one thing say together.</summary>
internal static class Samples
{
    /// <summary>The median: one disturbed sample does not move it.</summary>
    public static double Median(double[] samples)
    {
        var sorted = (double[])samples.Clone();
        Array.Sort(sorted);
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
