using System.Numerics;
using System.Runtime.CompilerServices;

namespace Noether.Devices.Host;

/// <summary>Joins the folds of tiles in the order in which they come, as a balanced tree: pairs, then pairs of pairs.</summary>
/// <remarks>A binary counter: place k holds the fold of 2ᵏ tiles. So a sum of m tiles takes log2 m roundings, whoever makes the tiles, and needs no array of them.</remarks>
internal struct FoldTree<TFold, T>
    where TFold : struct, IFold
    where T : unmanaged, INumber<T>
{
    private Places places;
    private long count;

    /// <summary>The fold of all tiles; the identity of none.</summary>
    public readonly T Result
    {
        get
        {
            var result = TFold.Identity<T>();
            var isFirst = true;
            for (var (left, place) = (count, 0); left != 0; left >>= 1, place++)
            {
                if ((left & 1) == 0) continue;
                result = isFirst ? places[place] : Both(places[place], result);
                isFirst = false;
            }

            return result;
        }
    }

    /// <summary>Takes the next tile's fold in.</summary>
    public void Add(T tile)
    {
        var place = 0;
        for (var carry = count++; (carry & 1) != 0; carry >>= 1) tile = Both(places[place++], tile);
        places[place] = tile;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Both(T x, T y) =>
        TFold.Combine<SimdScalar<T>, T>(new SimdScalar<T> { Value = x }, new SimdScalar<T> { Value = y }).Value;

    [InlineArray(Length)]
    private struct Places
    {
        private const int Length = 63;
        private T first;
    }
}
