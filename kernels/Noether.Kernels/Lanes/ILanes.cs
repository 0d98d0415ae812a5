namespace Noether.Kernels.Lanes;

/// <summary>
/// A bundle of numbers that move together: 4 to 16 of them in a SIMD register on the host, one on a GPU.
/// A formula written once over <typeparamref name="V"/> runs on every width, precision and device.
/// </summary>
/// <remarks>
/// Comparisons give a <em>mask</em>: a value whose lanes are true or false in whatever form suits the bundle. Only
/// <see cref="Select"/>, <see cref="MaskAnd"/>, <see cref="MaskOr"/>, <see cref="MaskNot"/>, <see cref="Any"/> and the device's own load and
/// store may look at it; arithmetic on it means nothing.
/// </remarks>
/// <typeparam name="V">The implementing struct.</typeparam>
public interface ILanes<V>
    where V : struct, ILanes<V>
{
    /// <summary>The sum.</summary>
    static abstract V operator +(V x, V y);

    /// <summary>The difference.</summary>
    static abstract V operator -(V x, V y);

    /// <summary>The product.</summary>
    static abstract V operator *(V x, V y);

    /// <summary>The negative.</summary>
    static abstract V operator -(V x);

    /// <summary>The same number in every lane, rounded to the lanes' type.</summary>
    static abstract V Constant(double value);

    /// <summary>The magnitude.</summary>
    static abstract V Abs(V x);

    /// <summary>The smaller; NaN if either is NaN.</summary>
    static abstract V Min(V x, V y);

    /// <summary>The larger; NaN if either is NaN.</summary>
    static abstract V Max(V x, V y);

    /// <summary>Mask of <c>x = y</c>; false where either is NaN.</summary>
    static abstract V Equal(V x, V y);

    /// <summary>Mask of <c>x &lt; y</c>; false where either is NaN.</summary>
    static abstract V Less(V x, V y);

    /// <summary>Mask of <c>x ≤ y</c>; false where either is NaN.</summary>
    static abstract V LessOrEqual(V x, V y);

    /// <summary>True where both masks are.</summary>
    static abstract V MaskAnd(V x, V y);

    /// <summary>True where either mask is.</summary>
    static abstract V MaskOr(V x, V y);

    /// <summary>True where the mask is not.</summary>
    static abstract V MaskNot(V x);

    /// <summary><paramref name="x"/> where the mask is true, else <paramref name="y"/>.</summary>
    static abstract V Select(V mask, V x, V y);

    /// <summary>True if any lane of the mask is: lets a formula skip a slow branch that no lane needs.</summary>
    static abstract bool Any(V mask);
}

/// <summary>Lanes of float32 or float64.</summary>
/// <typeparam name="V">The implementing struct.</typeparam>
public interface IFloatLanes<V> : ILanes<V>
    where V : struct, IFloatLanes<V>
{
    /// <summary>True for float32 lanes.</summary>
    static abstract bool IsSingle { get; }

    /// <summary>The same number in every lane: the first in float32, the second in float64.</summary>
    static abstract V Constant(double single, double twice);

    /// <summary>The form of the lanes' precision, applied to <paramref name="x"/>.</summary>
    /// <remarks>
    /// Prefer it to <see cref="IsSingle"/>: here the lanes' type decides before the host's compiler inlines anything, so the other
    /// form costs nothing of its inlining budget.
    /// </remarks>
    static abstract V ByPrecision<F>(V x)
        where F : struct, IPrecisionForm;

    /// <summary>The form by tables for lanes that look up fast (AVX-512, and float32 on AVX2), the one without for all others.</summary>
    static abstract V ByLookup<F>(V x)
        where F : struct, ILookupForm;

    /// <summary>The form, applied to <paramref name="x"/> and <paramref name="y"/>: a call on the host, inlined on a GPU.</summary>
    /// <remarks>
    /// The host's compiler stops inlining after some 500 lane operations a method, and every further one then costs a call. A formula that
    /// long puts its heavy pieces apart: one call for 4 to 16 lanes costs a few percent of the piece.
    /// </remarks>
    static abstract V Apart<F>(V x, V y)
        where F : struct, IApartForm;

    /// <summary>The quotient, correctly rounded.</summary>
    static abstract V operator /(V x, V y);

    /// <summary>The square root, correctly rounded.</summary>
    static abstract V Sqrt(V x);

    /// <summary>The largest integral value not above <paramref name="x"/>.</summary>
    static abstract V Floor(V x);

    /// <summary>The nearest integral value, ties to even.</summary>
    static abstract V Round(V x);

    /// <summary>The integral part, towards zero.</summary>
    static abstract V Truncate(V x);

    /// <summary>The magnitude of <paramref name="x"/> with the sign of <paramref name="sign"/> (the sign of -0 and of NaN count).</summary>
    static abstract V CopySign(V x, V sign);

    /// <summary><c>x·y + z</c>, in one rounding where the hardware has it.</summary>
    static abstract V MultiplyAdd(V x, V y, V z);

    /// <summary><c>x·2ⁿ</c>, rounded once (overflow, subnormals), for integral <paramref name="n"/>: at most 250 in magnitude in float32, 2000 in float64.</summary>
    static abstract V Scale(V x, V n);

    /// <summary>The unbiased exponent of a normal, positive <paramref name="x"/>: <c>⌊log₂ x⌋</c>, as a number.</summary>
    static abstract V Exponent(V x);

    /// <summary>A normal, positive <paramref name="x"/> divided by <c>2^Exponent(x)</c>: in [1, 2).</summary>
    static abstract V Significand(V x);

    /// <summary>The upper half of <paramref name="x"/>'s significand, cut to 12 bits in float32, rounded to 26 in float64: products of halves are exact.</summary>
    static abstract V High(V x);

    /// <summary><c>x·y - product</c> where <paramref name="product"/> is <c>x·y</c> rounded: what the rounding lost, in full.</summary>
    static abstract V ProductError(V x, V y, V product);
}

/// <summary>Lanes of int32, int64 or uint8 (bool as 0 or 1).</summary>
/// <typeparam name="V">The implementing struct.</typeparam>
public interface IIntegerLanes<V> : ILanes<V>
    where V : struct, IIntegerLanes<V>
{
    /// <summary>Bitwise and.</summary>
    static abstract V operator &(V x, V y);

    /// <summary>Bitwise or.</summary>
    static abstract V operator |(V x, V y);

    /// <summary>Bitwise exclusive or.</summary>
    static abstract V operator ^(V x, V y);

    /// <summary>Bitwise complement.</summary>
    static abstract V operator ~(V x);

    /// <summary>Shift left by the lane's own count, 0 ≤ count &lt; bits.</summary>
    static abstract V ShiftLeft(V x, V count);

    /// <summary>Shift right, filling with the sign, by the lane's own count, 0 ≤ count &lt; bits.</summary>
    static abstract V ShiftRight(V x, V count);

    /// <summary>Shift right, filling with zeros, by the lane's own count, 0 ≤ count &lt; bits.</summary>
    static abstract V ShiftRightLogical(V x, V count);

    /// <summary>Quotient rounded towards zero; 0 where <paramref name="y"/> is 0. The smallest value over -1 is itself.</summary>
    static abstract V Divide(V x, V y);
}
