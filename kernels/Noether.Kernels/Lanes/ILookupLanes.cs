namespace Noether.Kernels.Lanes;

/// <summary>Lanes that each read their own entry of a small table at once, by a permutation of registers.</summary>
/// <typeparam name="V">The implementing struct.</typeparam>
public interface ILookupLanes<V> : IFloatLanes<V>
    where V : struct, ILookupLanes<V>
{
    /// <summary>The place <c>x·y</c>, rounded to an integer: its last 4 bits in float32, 3 in float64; some place or other where the product is NaN.</summary>
    static abstract V Place(V x, V y);

    /// <summary>Each lane's entry of the 16 numbers from <paramref name="table"/> on, at a place made by <see cref="Place"/>; float32.</summary>
    static abstract V Lookup(ref readonly float table, V place);

    /// <summary>Each lane's entry of the 8 numbers from <paramref name="table"/> on, at a place made by <see cref="Place"/>; float64.</summary>
    static abstract V Lookup(ref readonly double table, V place);
}
