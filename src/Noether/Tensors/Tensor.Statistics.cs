using Noether.Primitives;

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
        var sorted = Named("Var", axes);
        var x = Floating();
        if (AreNeighbours(sorted)) return x.Fold("Var", sorted, keepAxes, (x, axis, count) => Apply(new Variance(axis, count, correction), x));
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
        var sorted = Named("Norm", axes);
        var x = Floating();
        switch (p)
        {
            case 2 when AreNeighbours(sorted): return Root(x.Fold("Norm", sorted, keepAxes, static (x, axis, count) => Apply(new SumOfSquares(axis, count), x)));
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
        return Floating().Fold("LogSumExp", axes, keepAxes, static (x, axis, count) => Apply(new LogSumExp(axis, count), x));
    }

    /// <summary>exp x / Σ exp x along an axis, safe from overflow; NaN where all are -∞ or one is +∞.</summary>
    public Tensor Softmax(int axis) => Apply(new Softmax(Shape.Axis(axis, "Softmax")), Floating());

    /// <summary>x - log Σ exp x along an axis: the logarithm of <see cref="Softmax"/> without its rounding to zero.</summary>
    public Tensor LogSoftmax(int axis) => Apply(new LogSoftmax(Shape.Axis(axis, "LogSoftmax")), Floating());

    /// <summary>
    /// Batch normalisation: each channel of [batch, channels, …] over all other axes, y = (x - mean) / √(variance + ε)·weight + bias with the biased
    /// variance; also mean and variance, [channels].
    /// </summary>
    /// <param name="weight">[channels], or null for ones.</param>
    /// <param name="bias">[channels], or null for zeros.</param>
    /// <param name="epsilon">ε.</param>
    /// <exception cref="ShapeException">No channels, nothing to average, or weight or bias of another shape.</exception>
    public (Tensor Y, Tensor Mean, Tensor Variance) BatchNorm(Tensor? weight = null, Tensor? bias = null, double epsilon = 1e-5)
    {
        if (Rank < 2) throw new ShapeException($"BatchNorm: {Shape} is not [batch, channels, …]");
        if (Size == 0) throw new ShapeException($"BatchNorm: {Shape} has no elements to average");
        var x = Floating();
        var type = x.DType;
        foreach (var parameter in (Tensor?[])[weight, bias])
        {
            if (parameter is null) continue;
            if (parameter.Rank != 1 || parameter.Shape[0] != Shape[1])
                throw new ShapeException($"BatchNorm: weight or bias {parameter.Shape} for the {Shape[1]} channels of {Shape}");
            type = DTypes.Promote(type, parameter.DType);
        }

        weight ??= Ones([Shape[1]], type, Device);
        bias ??= Zeros([Shape[1]], type, Device);
        var y = ApplyMany(new BatchNormalization(epsilon), x.To(type), weight.To(type), bias.To(type));
        return (y[0], y[1], y[2]);
    }

    /// <summary>
    /// Normalises rows, the last axes: (x - mean) / √(variance + ε)·weight + bias, with the biased variance.
    /// </summary>
    /// <param name="count">How many of the last axes are a row.</param>
    /// <param name="weight">The shape of a row; null: 1.</param>
    /// <param name="bias">The shape of a row; null: 0.</param>
    /// <param name="epsilon">ε.</param>
    /// <exception cref="ShapeException">There are not as many axes, or weight or bias have another shape than a row.</exception>
    public Tensor LayerNorm(int count, Tensor? weight = null, Tensor? bias = null, double epsilon = 1e-5)
    {
        if (count < 1 || count > Rank) throw new ShapeException($"LayerNorm: {Shape} has no {count} last axes");
        var x = Floating();
        var row = Shape[^count..];
        foreach (var parameter in (Tensor?[])[weight, bias])
        {
            if (parameter is not null && !parameter.Shape.Equals(row))
                throw new ShapeException($"LayerNorm: weight or bias {parameter.Shape} for rows {row} of {Shape}");
        }

        if (weight is null && bias is null) return Apply(new LayerNorm(count, epsilon), x);
        var type = x.DType;
        foreach (var parameter in (Tensor?[])[weight, bias]) type = parameter is null ? type : DTypes.Promote(type, parameter.DType);
        weight ??= bias!.OnesLike();
        bias ??= weight.ZerosLike();
        return Apply(new LayerNorm(count, epsilon), x.To(type), weight.To(type), bias.To(type));
    }

    /// <summary>
    /// Cross-entropy of logits along an axis against one class a row: (1 - ε)·(log Σ exp x - x[class]) + ε·(log Σ exp x - mean x); 0 where the class
    /// is the one to ignore.
    /// </summary>
    /// <param name="classes">Integers in [0, n), or <paramref name="ignored"/>, of this shape without the axis.</param>
    /// <param name="axis">The axis of classes.</param>
    /// <param name="smoothing">ε in [0, 1].</param>
    /// <param name="ignored">The class that does not count.</param>
    /// <exception cref="ShapeException">The classes have another shape.</exception>
    /// <exception cref="DTypeException">The classes are no integers.</exception>
    public Tensor CrossEntropy(Tensor classes, int axis = -1, double smoothing = 0, long ignored = -100)
    {
        axis = Shape.Axis(axis, "CrossEntropy");
        if (!classes.DType.IsInteger()) throw new DTypeException($"CrossEntropy: classes are {classes.DType.Name()}{classes.Shape}, not int32 or int64");
        if (!Shape.Without(axis).Equals(classes.Shape))
            throw new ShapeException($"CrossEntropy: input {Shape} takes classes of shape {Shape.Without(axis)}, not {classes.Shape}");
        if (smoothing is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(smoothing), smoothing, "CrossEntropy: label smoothing must lie in [0, 1]");
        return Apply(new CrossEntropy(axis, smoothing, ignored), Floating(), classes);
    }

    // One run of axes: what is not a fold of folds can be done in one.
    private static bool AreNeighbours(int[] sorted) => sorted.Length > 0 && sorted[^1] - sorted[0] == sorted.Length - 1;

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
