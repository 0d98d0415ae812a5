namespace Noether.Kernels.Lanes;

/// <summary>A function of one variable that lanes with tables compute by other means than lanes without: see <see cref="IFloatLanes{V}.ByLookup"/>.</summary>
public interface ILookupForm
{
    /// <summary>The function, with tables.</summary>
    static abstract V Looked<V>(V x)
        where V : struct, ILookupLanes<V>;

    /// <summary>The function without tables.</summary>
    static abstract V Computed<V>(V x)
        where V : struct, IFloatLanes<V>;
}
