namespace Noether;

/// <summary>Evaluates an einsum: diagonals first, then two operands at a time, the pair whose result saves most memory first.</summary>
/// <remarks>
/// A step is one batched matrix product <c>[batch, m, k]·[batch, k, n]</c>; transposes are layouts, so elements move only where the axes
/// of a group do not lie together. Pairs without a common sum are an elementwise product, which fuses with its surroundings.
/// </remarks>
internal static class Einsum
{
    public static Tensor Run(EinsumSubscripts subscripts, Tensor[] operands)
    {
        var terms = new List<Term>();
        for (var i = 0; i < operands.Length; i++) terms.Add(Distinct(new(operands[i], subscripts.Inputs[i]), subscripts));

        while (terms.Count > 1)
        {
            var (first, second) = Cheapest(terms, subscripts);
            Term a = terms[first], b = terms[second];
            terms.RemoveAt(second);
            terms.RemoveAt(first);
            HashSet<int> kept = [.. subscripts.Output, .. terms.SelectMany(static t => t.Labels)];
            terms.Add(Contract(a, b, kept, terms.Count == 0 ? subscripts.Output : null));
        }

        var last = terms[0].SumExcept([.. subscripts.Output]);
        return last.To(subscripts.Output).X;
    }

    // Each label once, and no axis that is stretched: one of size 1 goes, for the label is met elsewhere.
    private static Term Distinct(Term term, EinsumSubscripts subscripts)
    {
        var stretched = Enumerable.Range(0, term.Labels.Length).Where(a => term.X.Shape[a] == 1 && subscripts.Size(term.Labels[a]) != 1).ToArray();
        if (stretched.Length > 0) term = new(term.X.Squeeze(stretched), [.. term.Labels.Where((_, axis) => !stretched.Contains(axis))]);

        for (var axis = 0; axis < term.Labels.Length; axis++)
        {
            var again = Array.IndexOf(term.Labels, term.Labels[axis], axis + 1);
            if (again < 0) continue;
            var diagonal = term.X.Diagonal(0, axis, again);
            var labels = term.Labels.Where((_, a) => a != axis && a != again).Append(term.Labels[axis]);
            term = new(diagonal, [.. labels]);
            axis--;
        }

        return term;
    }

    private static (int First, int Second) Cheapest(List<Term> terms, EinsumSubscripts subscripts)
    {
        var best = (First: 0, Second: 1);
        if (terms.Count == 2) return best;
        var least = (Growth: double.PositiveInfinity, Work: double.PositiveInfinity);
        for (var i = 0; i < terms.Count; i++)
            for (var j = i + 1; j < terms.Count; j++)
            {
                HashSet<int> kept = [.. subscripts.Output, .. terms.Where((_, t) => t != i && t != j).SelectMany(static t => t.Labels)];
                double result = 1, work = 1;
                foreach (var label in terms[i].Labels.Union(terms[j].Labels))
                {
                    work *= subscripts.Size(label);
                    if (kept.Contains(label)) result *= subscripts.Size(label);
                }

                var cost = (Growth: result - terms[i].X.Size - terms[j].X.Size, Work: work);
                if (cost.CompareTo(least) >= 0) continue;
                (least, best) = (cost, (i, j));
            }

        return best;
    }

    private static Term Contract(Term a, Term b, HashSet<int> kept, int[]? wanted)
    {
        a = a.SumExcept([.. kept, .. b.Labels]);
        b = b.SumExcept([.. kept, .. a.Labels]);

        // Sums run in the order of the larger operand, whose elements are best left where they lie.
        int[] shared = a.X.Size >= b.X.Size ? [.. a.Labels.Where(b.Labels.Contains)] : [.. b.Labels.Where(a.Labels.Contains)];
        int[] batch = [.. shared.Where(kept.Contains)], summed = [.. shared.Where(l => !kept.Contains(l))];
        int[] rows = [.. a.Labels.Except(shared)], columns = [.. b.Labels.Except(shared)];

        // In the order asked for, if exchanging the operands gives it.
        if (wanted is not null && columns.Length > 0 && wanted.AsSpan().SequenceEqual([.. batch, .. columns, .. rows]))
            (a, b, rows, columns) = (b, a, columns, rows);
        int[] labels = [.. batch, .. rows, .. columns];

        if (summed.Length == 0 || (rows.Length == 0 && columns.Length == 0 && a.Sizes(batch).Size > a.Sizes(summed).Size))
        {
            var product = a.Spread([.. labels, .. summed]) * b.Spread([.. labels, .. summed]);
            return new Term(product, [.. labels, .. summed]).SumExcept([.. labels]);
        }

        Shape shape = [.. a.Sizes(batch), .. a.Sizes(rows), .. b.Sizes(columns)];
        var left = a.Matrices(batch, rows, summed);
        var right = b.Matrices(batch, summed, columns);
        return new(left.MatMul(right).Reshape(shape), labels);
    }

    /// <summary>A tensor with a label for each axis.</summary>
    private sealed record Term(Tensor X, int[] Labels)
    {
        public Shape Sizes(int[] labels) => [.. labels.Select(l => X.Shape[Array.IndexOf(Labels, l)])];

        public Term SumExcept(HashSet<int> kept)
        {
            int[] gone = [.. Enumerable.Range(0, Labels.Length).Where(axis => !kept.Contains(Labels[axis]))];
            return gone.Length == 0 ? this : new(X.Sum(gone), [.. Labels.Where(kept.Contains)]);
        }

        public Term To(int[] labels) => new(X.Permute([.. labels.Select(l => Array.IndexOf(Labels, l))]), labels);

        /// <summary>Axes in the order of labels, with size 1 for those that are not here.</summary>
        public Tensor Spread(int[] labels)
        {
            var here = To([.. labels.Where(Labels.Contains)]);
            return here.X.Reshape([.. labels.Select(l => Labels.Contains(l) ? X.Shape[Array.IndexOf(Labels, l)] : 1)]);
        }

        /// <summary>[batch, rows, columns], each group of labels joined to one axis.</summary>
        public Tensor Matrices(int[] batch, int[] rows, int[] columns)
        {
            var ordered = To([.. batch, .. rows, .. columns]).X;
            int m = (int)Sizes(rows).Size, n = (int)Sizes(columns).Size;
            return batch.Length == 0 ? ordered.Reshape([m, n]) : ordered.Reshape([(int)Sizes(batch).Size, m, n]);
        }
    }
}
