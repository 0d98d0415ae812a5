using ILGPU;
using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;

namespace Noether.Kernels.Rows;

/// <summary>The passes over rows that are cut into parts. Inside kernels only.</summary>
internal static class LongRowPasses<V, TJoin>
    where V : unmanaged, IFloatLanes<V>
    where TJoin : struct, IGroupJoin
{
    /// <summary>The largest of the part and the sum of powers below it; NaN if the largest is +∞.</summary>
    public static PowerSums<V> Powers(ArrayView<V> x, FoldPart part, FoldSizes sizes)
    {
        var least = V.Constant(double.NegativeInfinity);
        var top = RowPasses<V, TJoin>.Top(x, part, sizes);
        var shift = V.Select(V.Equal(top, least), V.Constant(0), top);
        return new() { Top = top, Sum = RowPasses<V, TJoin>.Sum<PowerBelow<V>>(x, x, FoldPart.Here(sizes), sizes, shift), Distance = V.Constant(0) };
    }

    /// <summary>What all parts of the thread's row make together, joined by each group for itself: that is cheaper than a launch between.</summary>
    public static T Joined<TOperation, T>(ArrayView<T> partials, FoldPart part, FoldSizes sizes)
        where TOperation : struct, IJoin<T>
        where T : unmanaged
    {
        var place = Group.IdxX >> sizes.WidthBits & (sizes.Height - 1);
        var active = part.Count == 0 ? 0 : sizes.Parts; // 0: beyond the last row
        var first = part.Partial - Grid.IdxY * sizes.Inner;
        T joined = default;
        if (place < active) joined = partials[first + place * sizes.Inner];
        for (var other = place + sizes.Height; other < active; other += sizes.Height)
            joined = TOperation.Join(joined, partials[first + other * sizes.Inner]);
        return TJoin.Join<TOperation, T>(joined, sizes.Width, sizes.Height, active < sizes.Height ? active : sizes.Height);
    }

    /// <summary>log Σ e^(x - shift), with the largest as the shift, or 0 where that is infinite.</summary>
    public static V Log(PowerSums<V> powers)
    {
        var infinity = V.Constant(double.PositiveInfinity);
        return V.Select(V.Equal(powers.Top, infinity), infinity, Elementary.Log(powers.Sum));
    }
}
