using System.Numerics;
using Noether.Kernels.Attention;
using Noether.Kernels.MatMul;

namespace Noether.Kernels.Tests.Attention;

/// <summary>Operands of one attention, by a formula, and the reference that takes them.</summary>
public sealed class AttentionCase<T>(int m, int n, int d, int e, bool causal, int mask)
    where T : unmanaged, INumber<T>
{
    private const double Scale = 0.5;

    public T[] Query { get; } = AttentionCase.Values<T>(m * d, 1);

    public T[] Key { get; } = AttentionCase.Values<T>(n * d, 2);

    public T[] Value { get; } = AttentionCase.Values<T>(n * e, 3);

    public T[] OutputCotangent { get; } = AttentionCase.Values<T>(m * e, 4);

    public T[] SumsCotangent { get; } = AttentionCase.Values<T>(m, 5);

    /// <summary>Truth as 0 and 1, or numbers to add.</summary>
    public T[] Mask { get; } = mask switch
    {
        AttentionMaskKind.Seen => [.. Enumerable.Range(0, m * n).Select(i => i % 3 == 1 ? T.Zero : T.One)],
        AttentionMaskKind.Added => AttentionCase.Values<T>(m * n, 6),
        _ => [],
    };

    public AttentionSizes<T> Sizes => new()
    {
        Scale = T.CreateChecked(Scale),
        Queries = m,
        Keys = n,
        Depth = d,
        Width = e,
        Causal = causal ? 1 : 0,
        Mask = mask,
    };

    public AttentionReference Reference => new(m, n, d, e, Scale, Added);

    private double Added(int i, int j)
    {
        if (causal && j > i) return double.NegativeInfinity;
        return mask switch
        {
            AttentionMaskKind.Seen => Mask[i * n + j] == T.Zero ? double.NegativeInfinity : 0,
            AttentionMaskKind.Added => double.CreateChecked(Mask[i * n + j]),
            _ => 0,
        };
    }
}

/// <summary>What the tests of attention's kernels share.</summary>
public static class AttentionCase
{
    /// <summary>Numbers in [-1, 1].</summary>
    public static T[] Values<T>(int count, int seed)
        where T : unmanaged, INumber<T> => [.. Enumerable.Range(0, count).Select(i => T.CreateChecked(Math.Sin(i * 1.7 + seed)))];

    public static double[] Wide<T>(T[] values)
        where T : unmanaged, INumber<T> => Array.ConvertAll(values, double.CreateChecked);

    public static byte[] Bytes<T>(T[] mask)
        where T : unmanaged, INumber<T> => [.. mask.Select(x => x == T.Zero ? (byte)0 : (byte)1), 0];

    /// <summary>Dense matrices, one of each.</summary>
    public static AttentionLayouts Dense<T>(AttentionSizes<T> sizes)
        where T : unmanaged => new()
        {
            Query = MatrixLayout.RowMajor(sizes.Queries, sizes.Depth),
            Key = MatrixLayout.RowMajor(sizes.Keys, sizes.Depth),
            Value = MatrixLayout.RowMajor(sizes.Keys, sizes.Width),
            Mask = MatrixLayout.RowMajor(sizes.Queries, sizes.Keys),
            Cotangent = MatrixLayout.RowMajor(sizes.Queries, sizes.Width),
        };
}
