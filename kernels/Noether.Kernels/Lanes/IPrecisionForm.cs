namespace Noether.Kernels.Lanes;

/// <summary>A function of one variable that is computed differently in float32 and float64: see <see cref="IFloatLanes{V}.ByPrecision"/>.</summary>
public interface IPrecisionForm
{
    /// <summary>The function to the accuracy of float32.</summary>
    static abstract V Single<V>(V x)
        where V : struct, IFloatLanes<V>;

    /// <summary>The function to the accuracy of float64.</summary>
    static abstract V Twice<V>(V x)
        where V : struct, IFloatLanes<V>;
}
