namespace Noether.Kernels.Attention;

/// <summary>Attention of one dense matrix by its definition, in double.</summary>
/// <param name="m">Queries.</param>
/// <param name="n">Keys.</param>
/// <param name="d">Columns of queries and keys.</param>
/// <param name="e">Columns of values.</param>
/// <param name="scale">What the scores are multiplied by.</param>
/// <param name="mask">What is added to the score of a query and a key; -∞ hides.</param>
public sealed class AttentionReference(int m, int n, int d, int e, double scale, Func<int, int, double> mask)
{
    /// <summary>y [m, e] and lse [m].</summary>
    public (double[] Output, double[] Sums) Forward(double[] q, double[] k, double[] v)
    {
        double[] y = new double[m * e], lse = new double[m];
        for (var i = 0; i < m; i++)
        {
            var scores = Enumerable.Range(0, n).Select(j => Score(q, k, i, j)).ToArray();
            var top = scores.Append(double.NegativeInfinity).Max();
            var sum = double.IsInfinity(top) ? 0 : scores.Sum(score => Math.Exp(score - top));
            lse[i] = top + Math.Log(sum);
            for (var j = 0; j < n && sum > 0; j++)
            {
                for (var c = 0; c < e; c++) y[i * e + c] += Math.Exp(scores[j] - lse[i]) * v[j * e + c];
            }
        }

        return (y, lse);
    }

    /// <summary>y' [m, e] and lse' [m].</summary>
    public (double[] Output, double[] Sums) Tangent(
        double[] q, double[] k, double[] v, double[] y, double[] lse, double[] dq, double[] dk, double[] dv)
    {
        double[] dy = new double[m * e], sums = new double[m];
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var weight = Math.Exp(Score(q, k, i, j) - (double.IsInfinity(lse[i]) ? 0 : lse[i]));
                var moved = weight * scale * Enumerable.Range(0, d).Sum(c => dq[i * d + c] * k[j * d + c] + q[i * d + c] * dk[j * d + c]);
                sums[i] += moved;
                for (var c = 0; c < e; c++) dy[i * e + c] += moved * v[j * e + c] + weight * dv[j * e + c];
            }

            for (var c = 0; c < e; c++) dy[i * e + c] -= sums[i] * y[i * e + c];
        }

        return (dy, sums);
    }

    /// <summary>dq [m, d], dk [n, d] and dv [n, e].</summary>
    public (double[] Query, double[] Key, double[] Value) Backward(
        double[] q, double[] k, double[] v, double[] y, double[] lse, double[] dy, double[] sumsCotangent)
    {
        double[] dq = new double[m * d], dk = new double[n * d], dv = new double[n * e];
        for (var i = 0; i < m; i++)
        {
            var moved = Enumerable.Range(0, e).Sum(c => dy[i * e + c] * y[i * e + c]) - sumsCotangent[i];
            for (var j = 0; j < n; j++)
            {
                var weight = Math.Exp(Score(q, k, i, j) - (double.IsInfinity(lse[i]) ? 0 : lse[i]));
                var slope = scale * weight * (Enumerable.Range(0, e).Sum(c => dy[i * e + c] * v[j * e + c]) - moved);
                for (var c = 0; c < e; c++) dv[j * e + c] += weight * dy[i * e + c];
                for (var c = 0; c < d; c++)
                {
                    dq[i * d + c] += slope * k[j * d + c];
                    dk[j * d + c] += slope * q[i * d + c];
                }
            }
        }

        return (dq, dk, dv);
    }

    private double Score(double[] q, double[] k, int i, int j) =>
        scale * Enumerable.Range(0, d).Sum(c => q[i * d + c] * k[j * d + c]) + mask(i, j);
}
