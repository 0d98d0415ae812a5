namespace Noether.Kernels;

/// <summary>Accurate elementary functions over any lanes: SIMD registers on the host, one number on a GPU, float32 or float64.</summary>
/// <remarks>
/// Every formula is straight-line arithmetic that selects between pieces, so all lanes cost the same; the one branch is for huge angles.
/// Polynomials are minimax fits (Remez exchange in 50 digits, weighted for the relative error of the result) made for this file; those of erf and
/// erf⁻¹ that float64 alone uses interpolate at Chebyshev's points, which loses less than a bit.
/// No formula depends on whether <c>x·y + z</c> is fused: constants that multiply an integer are short enough for an exact product.
/// Worst errors seen, in ulp: float32 2.0, but erf⁻¹ 2.1; float64 2.1, but tan 2.7, tanh 2.5 and erf⁻¹ 2.3. The tests hold each function to its
/// own; a slow one, run by hand, visits every float32.
/// </remarks>
public static partial class Elementary
{
    // ln 2 in two words. The first has 16 bits in float32 and 42 in float64, so that its product with any exponent is exact.
    private const double SingleLn2High = 0.693145751953125;
    private const double SingleLn2Low = 1.4286068203094173e-06;
    private const double DoubleLn2High = 0.6931471805598903;
    private const double DoubleLn2Low = 5.497923018708371e-14;

    private const double Ln2 = 0.6931471805599453;
}
