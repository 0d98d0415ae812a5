namespace Noether.Nn;

/// <summary>Zero mean and unit variance.</summary>
internal static class Normalization
{
    /// <summary>(x - E x) / √(Var x + ε) with moments over axes; the variance is the biased one.</summary>
    public static Tensor Over(Tensor x, int[] axes, double epsilon)
    {
        var centred = x - x.Mean(axes, keepAxes: true);
        return centred * (centred.Square().Mean(axes, keepAxes: true) + epsilon).ReciprocalSqrt();
    }
}
