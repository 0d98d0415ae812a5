namespace Noether.Kernels.Lanes;

/// <summary>Lanes of float32 that each read their own entry of a small table at once, by a permutation of registers.</summary>
/// <typeparam name="V">The implementing struct.</typeparam>
public interface ILookupLanes<V> : IFloatLanes<V>
    where V : struct, ILookupLanes<V>
{
    /// <summary>The place <c>x·y</c>, rounded to the nearest of 0 to 15; some place or other where the product is NaN.</summary>
    static abstract V Place(V x, V y);

    /// <summary>Each lane's entry of the 16 numbers from <paramref name="table"/> on, at a place made by <see cref="Place"/>.</summary>
    static abstract V Lookup(ref readonly float table, V place);
}
