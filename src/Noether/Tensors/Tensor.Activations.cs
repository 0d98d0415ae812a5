namespace Noether;

public sealed partial class Tensor
{
    /// <summary>max(x, 0); the derivative at 0 is 0.</summary>
    public Tensor Relu() => Select(this > 0, this, 0);

    /// <summary>x where positive, else slope·x.</summary>
    public Tensor LeakyRelu(double slope = 0.01) => Select(this > 0, this, slope * this);

    /// <summary>x where positive, else α(eˣ - 1) (Clevert et al. 2016).</summary>
    public Tensor Elu(double alpha = 1) => Select(this > 0, this, alpha * Minimum(0).Expm1());

    /// <summary>The self-normalising unit (Klambauer et al. 2017).</summary>
    public Tensor Selu()
    {
        const double alpha = 1.6732632423543772848170429916717, scale = 1.0507009873554804934193349852946;
        return scale * Elu(alpha);
    }

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public Tensor Sigmoid() => Apply(Primitives.LogisticFunction.Instance, Floating());

    /// <summary>ln sigmoid x, without overflow.</summary>
    public Tensor LogSigmoid() => -(-this).Softplus();

    /// <summary>ln(1 + eˣ), without overflow.</summary>
    public Tensor Softplus() => Apply(Primitives.SoftplusFunction.Instance, Floating());

    /// <summary>x·sigmoid(x), also called swish.</summary>
    public Tensor Silu() => this * Sigmoid();

    /// <summary>x·Φ(x), with Φ the normal distribution function (Hendrycks and Gimpel 2016).</summary>
    public Tensor Gelu() => Apply(Primitives.GaussianLinearUnit.Instance, Floating());

    /// <summary>The approximation of GELU by tanh: ½x(1 + tanh(√(2/π)(x + 0.044715x³))).</summary>
    public Tensor GeluTanh() => Apply(Primitives.TanhLinearUnit.Instance, Floating());

    /// <summary>x·tanh(softplus x) (Misra 2019).</summary>
    public Tensor Mish() => this * Softplus().Tanh();

    /// <summary>x / (1 + |x|).</summary>
    public Tensor Softsign() => this / (1 + Abs());

    /// <summary>clamp(x + 3, 0, 6) / 6.</summary>
    public Tensor HardSigmoid() => (this + 3).Clamp(0, 6) / 6;

    /// <summary>x·hardsigmoid(x).</summary>
    public Tensor HardSwish() => this * HardSigmoid();
}
