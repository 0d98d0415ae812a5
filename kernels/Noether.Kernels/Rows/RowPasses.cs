using ILGPU;
using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;

namespace Noether.Kernels.Rows;

/// <summary>The passes over a row that its functions are made of. Inside kernels only.</summary>
internal static class RowPasses<V, TJoin>
    where V : unmanaged, IFloatLanes<V>
    where TJoin : struct, IGroupJoin
{
    /// <summary>The sum of a formula, given to each of the row's threads.</summary>
    public static V Sum<TStep>(ArrayView<V> x, ArrayView<V> z, FoldPart part, FoldSizes sizes, V p)
        where TStep : struct, IRowStep<V> =>
        Folding<RowFold<TStep, V>, V, TJoin, OneRun>.Run(new() { X = x, Z = z, P = p }, part, sizes, V.Constant(0));

    /// <summary>The largest; -∞ of nothing.</summary>
    public static V Top(ArrayView<V> x, FoldPart part, FoldSizes sizes) =>
        Folding<TopFold<V>, V, TJoin, OneRun>.Run(new() { X = x }, part, sizes, V.Constant(double.NegativeInfinity));

    /// <summary>y = a formula.</summary>
    public static void Map<TStep>(ArrayView<V> x, ArrayView<V> z, ArrayView<V> y, FoldPart part, FoldSizes sizes, V p, V q)
        where TStep : struct, IRowStep<V>
    {
        if (sizes.Packed != 0)
        {
            ArrayView<Quad<V>> from = Quads.Of(x), with = Quads.Of(z), to = Quads.Of(y);
            for (; part.Position < part.End; part = OneRun.Next(part, sizes))
            {
                Quad<V> a = from[part.Address], b = with[part.Address];
                to[part.Address] = new() { X = TStep.Of(a.X, b.X, p, q), Y = TStep.Of(a.Y, b.Y, p, q), Z = TStep.Of(a.Z, b.Z, p, q), W = TStep.Of(a.W, b.W, p, q) };
            }

            return;
        }

        for (; part.Position < part.End; part = OneRun.Next(part, sizes))
            y[part.Address] = TStep.Of(x[part.Address], z[part.Address], p, q);
    }

    /// <summary>log Σ e^(x - shift), with the largest as the shift, or 0 where that is infinite.</summary>
    public static V LogOfPowers(ArrayView<V> x, FoldPart part, FoldSizes sizes, V top, V shift)
    {
        var infinity = V.Constant(double.PositiveInfinity);
        var log = Elementary.Log(Sum<PowerBelow<V>>(x, x, part, sizes, shift));
        return V.Select(V.Equal(top, infinity), infinity, log);
    }

    /// <summary>The largest where it is finite, else 0: -∞ - -∞ would be NaN.</summary>
    public static V Shift(V top) => V.Select(V.Less(V.Abs(top), V.Constant(double.PositiveInfinity)), top, V.Constant(0));
}
