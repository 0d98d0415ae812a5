namespace Noether.Models.Statistics;

/// <summary>How well predictions agree with the truth, over numbers in host memory.</summary>
public static class Agreement
{
    /// <summary>Kendall's τ_b: concordant less discordant pairs, over the geometric mean of the pairs that are not tied in either.</summary>
    /// <remarks>n·log n by counting inversions in a merge sort. NaN if one side is constant or a number is NaN. Source: Knight (1966).</remarks>
    /// <exception cref="ArgumentException">There are not as many of one as of the other.</exception>
    public static double KendallTau(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        CheckCounts("KendallTau", x, y);
        if (HasNaN(x) || HasNaN(y)) return double.NaN;
        var (first, second) = (x.ToArray(), y.ToArray());
        var order = Enumerable.Range(0, first.Length).ToArray();
        Array.Sort(order, (i, j) => first[i].CompareTo(first[j]) is var byX && byX != 0 ? byX : second[i].CompareTo(second[j]));
        var sorted = Array.ConvertAll(order, i => second[i]);
        long tiedBoth = 0, tiedX = 0;
        for (int i = 1, runX = 1, runBoth = 1; i <= order.Length; i++)
        {
            var sameX = i < order.Length && first[order[i]] == first[order[i - 1]];
            var sameBoth = sameX && sorted[i] == sorted[i - 1];
            runX = sameX ? runX + 1 : End(runX, ref tiedX);
            runBoth = sameBoth ? runBoth + 1 : End(runBoth, ref tiedBoth);
        }

        var inversions = Inversions(sorted, new double[sorted.Length]); // sorts
        long tiedY = 0;
        for (int i = 1, run = 1; i <= sorted.Length; i++) run = i < sorted.Length && sorted[i] == sorted[i - 1] ? run + 1 : End(run, ref tiedY);

        var pairs = order.Length * (order.Length - 1L) / 2;
        var score = pairs - tiedX - tiedY + tiedBoth - 2 * inversions;
        return score / (Math.Sqrt(pairs - tiedX) * Math.Sqrt(pairs - tiedY));

        static int End(int run, ref long pairs)
        {
            pairs += run * (run - 1L) / 2;
            return 1;
        }
    }

    /// <summary>Spearman's ρ: Pearson's correlation of ranks, equal numbers sharing their mean rank.</summary>
    /// <exception cref="ArgumentException">There are not as many of one as of the other.</exception>
    public static double Spearman(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        CheckCounts("Spearman", x, y);
        return Pearson(Ranks(x), Ranks(y));
    }

    /// <summary>Pearson's correlation. NaN if one side is constant.</summary>
    /// <exception cref="ArgumentException">There are not as many of one as of the other.</exception>
    public static double Pearson(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        CheckCounts("Pearson", x, y);
        var (meanX, meanY) = (Mean(x), Mean(y));
        double xx = 0, yy = 0, xy = 0;
        for (var i = 0; i < x.Length; i++)
        {
            var (a, b) = (x[i] - meanX, y[i] - meanY);
            xx += a * a;
            yy += b * b;
            xy += a * b;
        }

        return xy / Math.Sqrt(xx * yy);
    }

    /// <summary>R² = 1 - Σ (truth - prediction)² / Σ (truth - mean)²: 1 is perfect, 0 no better than the mean, below worse.</summary>
    /// <exception cref="ArgumentException">There are not as many of one as of the other.</exception>
    public static double Determination(ReadOnlySpan<double> truth, ReadOnlySpan<double> prediction)
    {
        CheckCounts("Determination", truth, prediction);
        var mean = Mean(truth);
        double residual = 0, total = 0;
        for (var i = 0; i < truth.Length; i++)
        {
            residual += (truth[i] - prediction[i]) * (truth[i] - prediction[i]);
            total += (truth[i] - mean) * (truth[i] - mean);
        }

        return 1 - residual / total;
    }

    private static double[] Ranks(ReadOnlySpan<double> values)
    {
        var sorted = values.ToArray();
        var order = Enumerable.Range(0, sorted.Length).ToArray();
        Array.Sort(sorted, order);
        var ranks = new double[sorted.Length];
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            for (end = start + 1; end < sorted.Length && sorted[end] == sorted[start]; end++) { }
            for (var i = start; i < end; i++) ranks[order[i]] = (start + end - 1) / 2.0;
        }

        return ranks;
    }

    // Pairs out of order, each once; ties are in order. Sorts the values.
    private static long Inversions(Span<double> values, Span<double> room)
    {
        if (values.Length < 2) return 0;
        var half = values.Length / 2;
        var count = Inversions(values[..half], room) + Inversions(values[half..], room);
        for (int i = 0, j = half, k = 0; k < values.Length; k++)
        {
            if (j == values.Length || (i < half && values[i] <= values[j]))
            {
                room[k] = values[i++];
            }
            else
            {
                count += half - i;
                room[k] = values[j++];
            }
        }

        room[..values.Length].CopyTo(values);
        return count;
    }

    private static double Mean(ReadOnlySpan<double> x)
    {
        double sum = 0;
        foreach (var value in x) sum += value;
        return sum / x.Length;
    }

    private static bool HasNaN(ReadOnlySpan<double> x)
    {
        foreach (var value in x)
        {
            if (double.IsNaN(value)) return true;
        }

        return false;
    }

    private static void CheckCounts(string measure, ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length) throw new ArgumentException($"{measure}: {x.Length} numbers against {y.Length}", nameof(y));
    }
}
