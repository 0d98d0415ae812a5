using Noether.Nn;

namespace Noether.Models.Curvature;

/// <summary>Traces, diagonals and Frobenius norms of operators by random probes.</summary>
/// <remarks>
/// Hutchinson (1990): E zᵀAz = Tr A if E zzᵀ = I. The variance is 2(‖A‖²_F - Σ Aᵢᵢ²) for signs and 2‖A‖²_F for normal numbers, so signs are the default.
/// </remarks>
public static class Hutchinson
{
    private const int BlockSize = 8; // probes a product

    /// <summary>Estimates by random signs, until the trace's standard error is small or the probes are spent.</summary>
    /// <param name="operation">The operator.</param>
    /// <param name="key">Decides the probes.</param>
    /// <param name="probes">The most probes.</param>
    /// <param name="tolerance">Stops when the standard error is below this part of |trace|; 0: never.</param>
    public static TraceEstimate Estimate(SymmetricOperator operation, RandomKey key, int probes = 64, double tolerance = 0)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentOutOfRangeException.ThrowIfLessThan(probes, 1);
        var sums = new Sums(operation);
        for (int done = 0, blocks = 0; done < probes; blocks++)
        {
            var count = Math.Min(BlockSize, probes - done);
            sums.Add(operation.Space.RademacherBlock(key.Fold(blocks), count));
            done += count;
            if (sums.Result() is var estimate && done > 1 && estimate.StandardError <= tolerance * Math.Abs(estimate.Trace)) return estimate;
        }

        return sums.Result();
    }

    /// <summary>Estimates by given probes.</summary>
    /// <param name="operation">The operator.</param>
    /// <param name="probes">Independent draws with mean zero and covariance 1, along a leading axis of every tensor.</param>
    public static TraceEstimate Estimate(SymmetricOperator operation, Parameters probes)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(probes);
        var sums = new Sums(operation);
        var count = probes.Leaves[0].Shape[0];
        for (var start = 0; start < count; start += BlockSize)
        {
            var (first, size) = (start, Math.Min(BlockSize, count - start));
            sums.Add(probes.Map(x => x.Narrow(0, first, size)));
        }

        return sums.Result();
    }

    /// <summary>Hutch++: the trace on the range of A·S exactly, the rest by probes.</summary>
    /// <param name="operation">The operator.</param>
    /// <param name="key">Decides the probes.</param>
    /// <param name="products">Products to spend; a third each for the range, the trace on it and the rest.</param>
    /// <remarks>Variance falls like 1/products² for matrices of low rank. Source: Meyer, Musco, Musco, Woodruff (2021), algorithm 1.</remarks>
    public static double TracePlusPlus(SymmetricOperator operation, RandomKey key, int products)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentOutOfRangeException.ThrowIfLessThan(products, 3);
        var (first, second) = key.Split();
        var space = operation.Space;
        return TracePlusPlus(operation, space.RademacherBlock(first, Math.Min(products / 3, space.Size)), space.RademacherBlock(second, products / 3));
    }

    /// <summary>Hutch++ by given probes.</summary>
    /// <param name="operation">The operator.</param>
    /// <param name="range">S: probes whose products span the range.</param>
    /// <param name="rest">G: probes for the rest.</param>
    public static double TracePlusPlus(SymmetricOperator operation, Parameters range, Parameters rest)
    {
        ArgumentNullException.ThrowIfNull(operation);
        var space = operation.Space;
        var q = LinearAlgebra.Qr(space.ToRows(operation.ApplyBlock(range)).Transpose()).Q; // [size, columns]
        var g = space.ToRows(rest);
        g -= g.MatMul(q).MatMul(q.Transpose());
        return (Form(q.Transpose()) + Form(g) / g.Shape[0]).Item();

        Tensor Form(Tensor rows) => (rows.To(DType.Float64) * operation.ApplyRows(rows).To(DType.Float64)).Sum();
    }

    private sealed class Sums(SymmetricOperator operation)
    {
        private readonly List<double> squares = [];
        private readonly Dictionary<string, List<double>> forms = operation.Space.Zero.Names.ToDictionary(static name => name, static _ => new List<double>());
        private Parameters along = operation.Space.Zero, squaredProbes = operation.Space.Zero;

        public void Add(Parameters probes)
        {
            var products = operation.ApplyBlock(probes);
            var overlap = probes.Zip(products, static (z, p) => z * p);
            along += overlap.Map(static x => x.Sum(0));
            squaredProbes += probes.Map(static z => z.Square().Sum(0));
            var norms = products.Leaves.Select(static p => PerProbe(p.To(DType.Float64).Square())).Aggregate(static (a, b) => a + b);
            var leaves = overlap.Map(static x => PerProbe(x.To(DType.Float64)));
            Tensor.Evaluate([norms, .. leaves.Leaves, .. along.Leaves, .. squaredProbes.Leaves]);
            squares.AddRange(norms.ToArray<double>());
            foreach (var (name, values) in leaves) forms[name].AddRange(values.ToArray<double>());
        }

        public TraceEstimate Result() => new(
            [.. Enumerable.Range(0, squares.Count).Select(i => forms.Values.Sum(form => form[i]))],
            forms.ToDictionary(static form => form.Key, static form => (IReadOnlyList<double>)[.. form.Value]),
            along.Zip(squaredProbes, static (x, z) => x / z),
            [.. squares]);

        private static Tensor PerProbe(Tensor x) => x.Rank == 1 ? x : x.Sum([.. Enumerable.Range(1, x.Rank - 1)]);
    }
}
