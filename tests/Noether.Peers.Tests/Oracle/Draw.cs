namespace Noether.Peers.Tests.Oracle;

/// <summary>Random shapes, values and views of one trial.</summary>
/// <param name="seed">Equal seeds give equal trials.</param>
internal sealed class Draw(int seed)
{
    private const int LargestSize = 5;

    private readonly Random random = new(seed);

    /// <summary>An integer from <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public int Next(int low, int high) => random.Next(low, high + 1);

    public bool Flip() => random.Next(2) == 0;

    /// <summary>One of some things.</summary>
    public T One<T>(params T[] items) => items[random.Next(items.Length)];

    /// <summary>An axis, counted from either end.</summary>
    public int Axis(int rank) => Next(-rank, rank - 1);

    /// <summary>Random sizes; an empty axis is rare, where it is allowed.</summary>
    public int[] Sizes(int fewest, int most, int least = 1) =>
        [.. Enumerable.Range(0, Next(fewest, most)).Select(_ => least == 0 && Next(0, 19) == 0 ? 0 : Next(Math.Max(1, least), LargestSize))];

    /// <summary>Axes in random order.</summary>
    public int[] Order(int rank)
    {
        var axes = Enumerable.Range(0, rank).ToArray();
        random.Shuffle(axes);
        return axes;
    }

    /// <summary>Two shapes that broadcast: axes of one are 1, or missing in front, in either.</summary>
    public (int[] First, int[] Second) Broadcasting(int fewest, int most)
    {
        var joint = Sizes(fewest, most);
        var (first, second) = (Thin(joint), Thin(joint));
        return Flip() ? (first, second[Next(0, second.Length)..]) : (first[Next(0, first.Length)..], second);

        int[] Thin(int[] shape) => Array.ConvertAll(shape, n => Next(0, 4) == 0 ? 1 : n);
    }

    /// <summary>Integers from <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public long[] Integers(int count, int low, int high) => [.. Enumerable.Range(0, count).Select(_ => (long)Next(low, high))];

    /// <summary>An operand in a random layout.</summary>
    /// <param name="shape">As the operation sees it.</param>
    /// <param name="domain">Where its numbers lie.</param>
    /// <param name="distinct">No two elements equal: not stretched.</param>
    public Operand Operand(int[] shape, Domain domain, bool distinct = false)
    {
        var rank = shape.Length;
        switch (rank == 0 ? 0 : Next(0, distinct ? 3 : 4))
        {
            case 1 when rank > 1:
                var order = Order(rank);
                var inverse = new int[rank];
                for (var i = 0; i < rank; i++) inverse[order[i]] = i;
                return new(Values([.. order.Select(a => shape[a])], domain), [.. order.Select(a => shape[a])], Seen($"permuted by {string.Join(" ", inverse)}"),
                    x => x.Permute(inverse), x => x.permute(Array.ConvertAll(inverse, static a => (long)a)));
            case 2:
                var (cut, start) = (Next(0, rank - 1), Next(0, 3));
                var longer = With(shape, cut, shape[cut] + start + Next(0, 2));
                return new(Values(longer, domain), longer, Seen($"from {start} along {cut}"),
                    x => x.Narrow(cut, start, shape[cut]), x => x.narrow(cut, start, shape[cut]));
            case 3:
                var (thinned, step) = (Next(0, rank - 1), Next(2, 3));
                var wide = With(shape, thinned, shape[thinned] * step);
                var every = new TensorIndex[rank];
                Array.Fill(every, ..);
                every[thinned] = TensorIndex.Every(step);
                return new(Values(wide, domain), wide, Seen($"every {step} along {thinned}"),
                    x => x[every], x => x.slice(thinned, 0, wide[thinned], step));
            case 4:
                var stretched = Next(0, rank - 1);
                var narrow = With(shape, stretched, 1);
                return new(Values(narrow, domain), narrow, Seen($"stretched along {stretched}"),
                    x => x.BroadcastTo([.. shape]), x => x.expand(Array.ConvertAll(shape, static n => (long)n)));
            default:
                return new(Values(shape, domain), shape, "plain", static x => x, static x => x);
        }

        string Seen(string how) => $"{how}, seen as [{string.Join(", ", shape)}]";
    }

    /// <summary>Plain numbers of a domain; both types hold them exactly.</summary>
    public double[] Values(int[] shape, Domain domain)
    {
        var values = new double[shape.Aggregate(1, static (product, n) => product * n)];
        for (var i = 0; i < values.Length; i++) values[i] = (float)Value(domain);
        return values;
    }

    private double Value(Domain domain)
    {
        var unit = random.NextDouble();
        return domain switch
        {
            Domain.Positive => 0.2 + 2.8 * unit,
            Domain.NonZero => (0.2 + 2.8 * unit) * (Flip() ? 1 : -1),
            Domain.Unit => 1.9 * unit - 0.95,
            Domain.Probability => 0.05 + 0.9 * unit,
            Domain.AboveOne => 1.1 + 2.9 * unit,
            _ => 1.5 * Math.Sqrt(-2 * Math.Log(1 - unit)) * Math.Cos(2 * Math.PI * random.NextDouble()),
        };
    }

    private static int[] With(int[] shape, int axis, int size)
    {
        var copy = (int[])shape.Clone();
        copy[axis] = size;
        return copy;
    }
}
