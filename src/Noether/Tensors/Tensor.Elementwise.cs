using Noether.Primitives;

namespace Noether;

public sealed partial class Tensor
{
    /// <summary>|x|; the derivative at 0 is 0.</summary>
    public Tensor Abs() => Apply(Absolute.Instance, Number());

    /// <summary>-1, 0 or 1.</summary>
    public Tensor Sign() => Apply(Primitives.Sign.Instance, Number());

    /// <summary>√x.</summary>
    public Tensor Sqrt() => Apply(SquareRoot.Instance, Floating());

    /// <summary>x².</summary>
    public Tensor Square() => this * this;

    /// <summary>The larger of each pair; NaN if either is.</summary>
    public Tensor Maximum(Tensor y) => Joined(Primitives.Maximum.Instance, this, y);

    /// <inheritdoc cref="Maximum(Tensor)"/>
    public Tensor Maximum(Scalar y) => Joined(Primitives.Maximum.Instance, this, y);

    /// <summary>The smaller of each pair; NaN if either is.</summary>
    public Tensor Minimum(Tensor y) => Joined(Primitives.Minimum.Instance, this, y);

    /// <inheritdoc cref="Minimum(Tensor)"/>
    public Tensor Minimum(Scalar y) => Joined(Primitives.Minimum.Instance, this, y);

    /// <summary>max(x, 0); the derivative at 0 is 0.</summary>
    public Tensor Relu() => Select(this > 0, this, 0);

    /// <summary>The largest integral value not above x.</summary>
    public Tensor Floor() => DType.IsFloating() ? Apply(Primitives.Floor.Instance, this) : this;

    /// <summary>The smallest integral value not below x.</summary>
    public Tensor Ceiling() => DType.IsFloating() ? -(-this).Floor() : this;

    /// <summary>The nearest integral value, ties to even.</summary>
    public Tensor Round() => DType.IsFloating() ? Apply(Primitives.Round.Instance, this) : this;

    /// <summary>The integral part, towards zero.</summary>
    public Tensor Truncate() => DType.IsFloating() ? Apply(Primitives.Truncate.Instance, this) : this;

    /// <summary>The same values, taken as constant by every derivative.</summary>
    public Tensor StopGradient() => Apply(Primitives.StopGradient.Instance, this);
}
