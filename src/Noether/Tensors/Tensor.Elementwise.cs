using Noether.Primitives;

namespace Noether;

public sealed partial class Tensor
{
    /// <summary>|x|; the derivative at 0 is 0.</summary>
    public Tensor Abs() => Apply(Absolute.Instance, Number());

    /// <summary>-1, 0 or 1; NaN stays NaN.</summary>
    public Tensor Sign() => Apply(Primitives.Sign.Instance, Number());

    /// <summary>x².</summary>
    public Tensor Square() => this * this;

    /// <summary>√x, correctly rounded; NaN below zero.</summary>
    public Tensor Sqrt() => Apply(SquareRoot.Instance, Floating());

    /// <summary>1/√x.</summary>
    public Tensor ReciprocalSqrt() => 1 / Sqrt();

    /// <summary>1/x.</summary>
    public Tensor Reciprocal() => 1 / this;

    /// <summary>∛x, of either sign.</summary>
    public Tensor Cbrt() => Apply(CubeRoot.Instance, Floating());

    /// <summary>√(x² + y²) without overflow or underflow on the way; the derivative at the origin is 0.</summary>
    public Tensor Hypot(Tensor y)
    {
        JoinedShape("Hypot", this, y);
        var (a, b) = (Floating().Abs(), y.Floating().Abs());
        var large = a.Maximum(b);
        var safe = Select(large.Equal(0), 1, large);
        var ratio = a.Minimum(b) / safe;
        return Select(large.IsInfinite(), large, large * (1 + ratio * ratio).Sqrt());
    }

    /// <summary>eˣ.</summary>
    public Tensor Exp() => Apply(Exponential.Instance, Floating());

    /// <summary>2ˣ.</summary>
    public Tensor Exp2() => (Floating() * Math.Log(2)).Exp();

    /// <summary>eˣ - 1, accurate near 0.</summary>
    public Tensor Expm1() => Apply(ExponentialMinusOne.Instance, Floating());

    /// <summary>ln x.</summary>
    public Tensor Log() => Apply(Logarithm.Instance, Floating());

    /// <summary>log₂ x.</summary>
    public Tensor Log2() => Log() * (1 / Math.Log(2));

    /// <summary>log₁₀ x.</summary>
    public Tensor Log10() => Log() * (1 / Math.Log(10));

    /// <summary>ln(1 + x), accurate near 0.</summary>
    public Tensor Log1p() => Apply(LogarithmOfOnePlus.Instance, Floating());

    /// <summary>ln(eˣ + eʸ) without overflow.</summary>
    public Tensor LogAddExp(Tensor y)
    {
        JoinedShape("LogAddExp", this, y);
        var (large, small) = (Floating().Maximum(y.Floating()), Floating().Minimum(y.Floating()));
        var gap = Select(large.IsFinite(), small - large, double.NegativeInfinity); // equal infinities have no gap
        return large + gap.Exp().Log1p();
    }

    /// <summary>xʸ, element by element.</summary>
    public Tensor Pow(Tensor y) => Joined(Power.Instance, Floating(), y.Floating(), "Pow");

    /// <summary>
    /// xⁿ: small whole powers by products (any sign of x), halves by roots, others by <see cref="Pow(Tensor)"/>. Integers to an integer power from 0 on
    /// are integers.
    /// </summary>
    public Tensor Pow(Scalar exponent)
    {
        var n = exponent.ToDouble();
        if (n == 0.5) return Sqrt();
        var power = exponent.Type.IsFloating() ? Floating() : Number();
        if (n != Math.Round(n) || (Math.Abs(n) > 16 && (n < 0 || power.DType.IsFloating()))) return Joined(Power.Instance, Floating(), exponent);
        if (n < 0) return 1 / Pow(-n);
        if (n == 0) return power.OnesLike();

        // Square and multiply.
        Tensor? product = null;
        for (var rest = exponent.ToInt64(); ; power *= power)
        {
            if ((rest & 1) == 1) product = product is null ? power : product * power;
            rest >>= 1;
            if (rest == 0) return product!;
        }
    }

    /// <summary>sin x.</summary>
    public Tensor Sin() => Apply(Sine.Instance, Floating());

    /// <summary>cos x.</summary>
    public Tensor Cos() => Apply(Cosine.Instance, Floating());

    /// <summary>tan x.</summary>
    public Tensor Tan() => Apply(Tangent.Instance, Floating());

    /// <summary>arcsin x; NaN outside [-1, 1].</summary>
    public Tensor Asin() => Apply(ArcSine.Instance, Floating());

    /// <summary>arccos x; NaN outside [-1, 1].</summary>
    public Tensor Acos() => Apply(ArcCosine.Instance, Floating());

    /// <summary>arctan x.</summary>
    public Tensor Atan() => Apply(ArcTangent.Instance, Floating());

    /// <summary>The angle of the point (x, this) in (-π, π].</summary>
    public Tensor Atan2(Tensor x) => Joined(ArcTangentOfQuotient.Instance, Floating(), x.Floating(), "Atan2");

    /// <summary>sinh x.</summary>
    public Tensor Sinh() => Apply(HyperbolicSine.Instance, Floating());

    /// <summary>cosh x.</summary>
    public Tensor Cosh() => Apply(HyperbolicCosine.Instance, Floating());

    /// <summary>tanh x.</summary>
    public Tensor Tanh() => Apply(HyperbolicTangent.Instance, Floating());

    /// <summary>arsinh x.</summary>
    public Tensor Asinh() => Apply(InverseHyperbolicSine.Instance, Floating());

    /// <summary>arcosh x; NaN below 1.</summary>
    public Tensor Acosh() => Apply(InverseHyperbolicCosine.Instance, Floating());

    /// <summary>artanh x; NaN outside [-1, 1].</summary>
    public Tensor Atanh() => Apply(InverseHyperbolicTangent.Instance, Floating());

    /// <summary>The error function.</summary>
    public Tensor Erf() => Apply(ErrorFunction.Instance, Floating());

    /// <summary>1 - erf x, accurate where it is small.</summary>
    public Tensor Erfc() => Apply(ComplementaryErrorFunction.Instance, Floating());

    /// <summary>The inverse of the error function; NaN outside [-1, 1].</summary>
    public Tensor ErfInverse() => Apply(InverseErrorFunction.Instance, Floating());

    /// <summary>The larger of each pair; NaN if either is.</summary>
    public Tensor Maximum(Tensor y) => Joined(Primitives.Maximum.Instance, this, y);

    /// <inheritdoc cref="Maximum(Tensor)"/>
    public Tensor Maximum(Scalar y) => Joined(Primitives.Maximum.Instance, this, y);

    /// <summary>The smaller of each pair; NaN if either is.</summary>
    public Tensor Minimum(Tensor y) => Joined(Primitives.Minimum.Instance, this, y);

    /// <inheritdoc cref="Minimum(Tensor)"/>
    public Tensor Minimum(Scalar y) => Joined(Primitives.Minimum.Instance, this, y);

    /// <summary>x, but not below <paramref name="low"/> nor above <paramref name="high"/>; null leaves that side open.</summary>
    public Tensor Clamp(Scalar? low = null, Scalar? high = null)
    {
        var raised = low is { } bottom ? Maximum(bottom) : this;
        return high is { } top ? raised.Minimum(top) : raised;
    }

    /// <summary>this + weight·(end - this).</summary>
    public Tensor Lerp(Tensor end, Scalar weight)
    {
        JoinedShape("Lerp", this, end);
        return this + weight * (end - this);
    }

    /// <summary>The remainder with the sign of the divisor, as Python's <c>%</c>: <c>x - y·⌊x/y⌋</c>.</summary>
    public Tensor Remainder(Tensor y)
    {
        JoinedShape("Remainder", this, y);
        var type = DTypes.Promote(DType, y.DType);
        if (type.IsFloating()) return this - y * (this / y).Floor().StopGradient();
        var rest = this - y * Joined(IntegerDivide.Instance, this, y);
        return Select(rest.NotEqual(0) & (rest < 0 ^ y < 0), rest + y, rest);
    }

    /// <inheritdoc cref="Remainder(Tensor)"/>
    public Tensor Remainder(Scalar y) => Remainder(Full([], y, y.Meet(DType), Device));

    /// <summary>⌊x/y⌋.</summary>
    public Tensor FloorDivide(Tensor y)
    {
        JoinedShape("FloorDivide", this, y);
        if (DTypes.Promote(DType, y.DType).IsFloating()) return (this / y).Floor();
        var quotient = Joined(IntegerDivide.Instance, this, y);
        var inexact = (this - y * quotient).NotEqual(0);
        return Select(inexact & (this < 0 ^ y < 0), quotient - 1, quotient);
    }

    /// <inheritdoc cref="FloorDivide(Tensor)"/>
    public Tensor FloorDivide(Scalar y) => FloorDivide(Full([], y, y.Meet(DType), Device));

    /// <summary>The largest integral value not above x.</summary>
    public Tensor Floor() => DType.IsFloating() ? Apply(Primitives.Floor.Instance, this) : this;

    /// <summary>The smallest integral value not below x.</summary>
    public Tensor Ceiling() => DType.IsFloating() ? -(-this).Floor() : this;

    /// <summary>The nearest integral value, ties to even.</summary>
    public Tensor Round() => DType.IsFloating() ? Apply(Primitives.Round.Instance, this) : this;

    /// <summary>The integral part, towards zero.</summary>
    public Tensor Truncate() => DType.IsFloating() ? Apply(Primitives.Truncate.Instance, this) : this;

    /// <summary>True where x is NaN.</summary>
    public Tensor IsNaN() => DType.IsFloating() ? Apply(IsNotANumber.Instance, this) : Full(Shape, false, DType.Bool, Device);

    /// <summary>True where x is neither infinite nor NaN.</summary>
    public Tensor IsFinite() => DType.IsFloating() ? Apply(Primitives.IsFinite.Instance, this) : Full(Shape, true, DType.Bool, Device);

    /// <summary>True where x is +∞ or -∞.</summary>
    public Tensor IsInfinite() => DType.IsFloating() ? Abs().Equal(double.PositiveInfinity) : Full(Shape, false, DType.Bool, Device);

    /// <summary>Bits moved left: x·2ⁿ of integers, 0 ≤ n &lt; bits.</summary>
    public Tensor ShiftLeft(Tensor n) => Joined(Primitives.ShiftLeft.Instance, Bits("ShiftLeft", this, n), n);

    /// <summary>Bits moved right, filled with the sign, 0 ≤ n &lt; bits.</summary>
    public Tensor ShiftRight(Tensor n) => Joined(Primitives.ShiftRight.Instance, Bits("ShiftRight", this, n), n);

    /// <summary>Bits moved right, filled with zeros, 0 ≤ n &lt; bits.</summary>
    public Tensor ShiftRightLogical(Scalar n) => Joined(Primitives.ShiftRightLogical.Instance, Bits("ShiftRightLogical", this), n);

    /// <summary>The same values, taken as constant by every derivative.</summary>
    public Tensor StopGradient() => Apply(Primitives.StopGradient.Instance, this);
}
