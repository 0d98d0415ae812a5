namespace Noether.Kernels.Lanes;

/// <summary>A piece of a long formula that the host compiles as a method of its own: see <see cref="IFloatLanes{V}.Apart"/>.</summary>
public interface IApartForm
{
    /// <summary>The piece.</summary>
    static abstract V Invoke<V>(V x, V y)
        where V : struct, IFloatLanes<V>;
}
