namespace Noether;

public sealed partial class Tensor
{
    /// <summary>The variance of all elements; see <see cref="Var(int[], double, bool)"/>.</summary>
    public Tensor Var() => Var(EveryAxis());

    /// <summary>The variance along an axis; see <see cref="Var(int[], double, bool)"/>.</summary>
    public Tensor Var(int axis, double correction = 1, bool keepAxis = false) => Var([axis], correction, keepAxis);

    /// <summary>The variance over axes: squared distances from the mean, summed and divided by n - correction; two passes.</summary>
    /// <param name="axes">The axes that disappear, or stay with size 1.</param>
    /// <param name="correction">1, PyTorch's default, for the unbiased estimate; 0 (NumPy's and JAX's) for the variance of these elements.</param>
    /// <param name="keepAxes">Whether the axes stay.</param>
    public Tensor Var(int[] axes, double correction = 1, bool keepAxes = false)
    {
        Named("Var", axes);
        var x = Floating();
        return (x - x.Mean(axes, keepAxes: true)).Square().Sum(axes, keepAxes) / Math.Max(0, Count("Var", axes) - correction);
    }

    /// <summary>The standard deviation of all elements; see <see cref="Std(int[], double, bool)"/>.</summary>
    public Tensor Std() => Std(EveryAxis());

    /// <summary>The standard deviation along an axis; see <see cref="Std(int[], double, bool)"/>.</summary>
    public Tensor Std(int axis, double correction = 1, bool keepAxis = false) => Std([axis], correction, keepAxis);

    /// <summary>The square root of the variance over axes; where that is zero the derivative is taken as zero.</summary>
    /// <inheritdoc cref="Var(int[], double, bool)"/>
    public Tensor Std(int[] axes, double correction = 1, bool keepAxes = false) => Root(Var(Named("Std", axes), correction, keepAxes));

    /// <summary>The Euclidean norm of all elements.</summary>
    public Tensor Norm() => Norm(EveryAxis());

    /// <summary>The p-norm along an axis; see <see cref="Norm(int[], double, bool)"/>.</summary>
    public Tensor Norm(int axis, double p = 2, bool keepAxis = false) => Norm([axis], p, keepAxis);

    /// <summary>
    /// The p-norm of the elements over axes taken as one vector: (Σ |x|ᵖ)^(1/p); the largest or smallest |x| for p = ±∞, the number of non-zero
    /// elements for p = 0. Where all elements are zero the derivative is taken as zero.
    /// </summary>
    /// <param name="axes">The axes that disappear, or stay with size 1.</param>
    /// <param name="p">Any number; 2 is the Euclidean norm.</param>
    /// <param name="keepAxes">Whether the axes stay.</param>
    public Tensor Norm(int[] axes, double p = 2, bool keepAxes = false)
    {
        Named("Norm", axes);
        var x = Floating();
        switch (p)
        {
            case 2: return Root(x.Square().Sum(axes, keepAxes));
            case 1: return x.Abs().Sum(axes, keepAxes);
            case 0: return x.NotEqual(0).Sum(axes, keepAxes).To(x.DType);
            case double.PositiveInfinity: return x.Abs().Max(axes, keepAxes);
            case double.NegativeInfinity: return x.Abs().Min(axes, keepAxes);
        }

        // Zeros are kept from the powers, whose derivatives there are infinite for p < 1; a negative p makes them infinite themselves.
        var zero = x.Equal(0);
        var powers = Select(zero, p > 0 ? 0 : double.PositiveInfinity, Select(zero, 1, x).Abs().Pow(p));
        var sum = powers.Sum(axes, keepAxes);
        var edge = sum.Equal(p > 0 ? 0 : double.PositiveInfinity);
        return Select(edge, 0, Select(edge, 1, sum).Pow(1 / p));
    }

    /// <summary>log Σ exp x over all elements.</summary>
    public Tensor LogSumExp() => LogSumExp(EveryAxis());

    /// <summary>log Σ exp x along an axis; see <see cref="LogSumExp(int[], bool)"/>.</summary>
    public Tensor LogSumExp(int axis, bool keepAxis = false) => LogSumExp([axis], keepAxis);

    /// <summary>
    /// log Σ exp x over axes, safe from overflow. Of nothing, or of -∞ alone, it is -∞; +∞ if an element is. There its derivatives are zero, not NaN.
    /// </summary>
    public Tensor LogSumExp(int[] axes, bool keepAxes = false)
    {
        Named("LogSumExp", axes);
        var x = Floating();
        if (x.Size == 0) return x.Exp().Sum(axes, keepAxes).Log();

        // The value does not depend on the shift, so dropping its derivative is exact at every order.
        var top = x.Max(axes, keepAxes: true).StopGradient();
        var infinite = top.Equal(double.PositiveInfinity);
        var shift = Select(top.IsFinite(), top, 0);
        var sum = (Select(infinite, 0, x) - shift).Exp().Sum(axes, keepAxes: true);
        var none = sum.Equal(0);
        var y = Select(none, double.NegativeInfinity, Select(none, 1, sum).Log() + shift);
        y = Select(infinite, double.PositiveInfinity, y);
        return keepAxes || axes.Length == 0 ? y : y.Squeeze(axes);
    }

    /// <summary>exp x / Σ exp x along an axis, safe from overflow; NaN where all are -∞ or one is +∞.</summary>
    public Tensor Softmax(int axis)
    {
        var powers = Below("Softmax", axis).Exp();
        return powers / powers.Sum(axis, keepAxis: true);
    }

    /// <summary>x - log Σ exp x along an axis: the logarithm of <see cref="Softmax"/> without its rounding to zero.</summary>
    public Tensor LogSoftmax(int axis)
    {
        var below = Below("LogSoftmax", axis);
        return below - below.Exp().Sum(axis, keepAxis: true).Log();
    }

    // At most 0, and 0 somewhere.
    private Tensor Below(string operation, int axis)
    {
        var x = Floating();
        return Shape[Shape.Axis(axis, operation)] == 0 ? x : x - x.Max(axis, keepAxis: true).StopGradient();
    }

    private double Count(string operation, int[] axes)
    {
        double count = 1;
        foreach (var axis in axes) count *= Shape[Shape.Axis(axis, operation)];
        return count;
    }

    // √x with derivative 0 at 0; NaN stays.
    private static Tensor Root(Tensor x)
    {
        var zero = x.Equal(0);
        return Select(zero, 0, Select(zero, 1, x).Sqrt());
    }
}
