using Noether.Primitives;

namespace Noether;

public sealed partial class RandomKey
{
    /// <summary>32 random bits an element, int32.</summary>
    public Tensor Bits(Shape shape) => Tensor.Apply(new RandomBits(shape), Words);

    /// <summary>Numbers in [low, high), evenly distributed: 24 random bits each in float32, 53 in float64.</summary>
    /// <param name="shape">The shape drawn.</param>
    /// <param name="low">The lower bound, included.</param>
    /// <param name="high">The upper bound, excluded (float32 rounding may reach it when the interval is wide).</param>
    /// <param name="type">A floating type.</param>
    public Tensor Uniform(Shape shape, double low = 0, double high = 1, DType type = DType.Float32)
    {
        CheckFloating("Uniform", shape, type);
        var unit = Unit(shape, type == DType.Float64, 0);
        return (low == 0 && high == 1 ? unit : low + unit * (high - low)).To(type);
    }

    /// <summary>Normal numbers, by the inverse of the distribution function.</summary>
    /// <param name="shape">The shape drawn.</param>
    /// <param name="mean">The mean.</param>
    /// <param name="deviation">The standard deviation.</param>
    /// <param name="type">A floating type.</param>
    public Tensor Normal(Shape shape, double mean = 0, double deviation = 1, DType type = DType.Float32)
    {
        CheckFloating("Normal", shape, type);
        var symmetric = 2 * Unit(shape, type == DType.Float64, 0.5) - 1; // inside (-1, 1), never at the ends
        var standard = Math.Sqrt(2) * symmetric.ErfInverse();
        return (mean == 0 && deviation == 1 ? standard : mean + deviation * standard).To(type);
    }

    /// <summary>Normal numbers conditioned on [low, high] (in standard deviations from 0), by the inverse of the distribution function.</summary>
    public Tensor TruncatedNormal(Shape shape, double low = -2, double high = 2, DType type = DType.Float32)
    {
        CheckFloating("TruncatedNormal", shape, type);
        if (!(low < high)) throw new ShapeException($"TruncatedNormal: empty interval [{low}, {high}] for {shape}");
        var ends = (Tensor.From([low, high], device: Words.Device) * Math.Sqrt(0.5)).Erf();
        var (a, b) = (ends.Narrow(0, 0, 1), ends.Narrow(0, 1, 1));
        var unit = Unit(shape, type == DType.Float64, 0.5).To(DType.Float64);
        return (Math.Sqrt(2) * (a + unit * (b - a)).ErfInverse()).Clamp(low, high).To(type);
    }

    /// <summary>True with a probability.</summary>
    public Tensor Bernoulli(Shape shape, double probability = 0.5) =>
        probability is >= 0 and <= 1
            ? Unit(shape, false, 0) < probability
            : throw new ShapeException($"Bernoulli: a probability of {probability} for {shape} is not in 0 … 1");

    /// <summary>True with a probability for each element.</summary>
    public Tensor Bernoulli(Tensor probabilities) => Unit(probabilities.Shape, probabilities.DType == DType.Float64, 0) < probabilities;

    /// <summary>Integers in [low, high), int32.</summary>
    /// <remarks>By scaling 53 bits: the bias is below 2⁻²¹ of a probability for any range of int32.</remarks>
    public Tensor Integers(Shape shape, int low, int high)
    {
        if (high <= low) throw new ShapeException($"Integers: empty range [{low}, {high}) for {shape}");
        return (Unit(shape, true, 0) * ((double)high - low) + low).Floor().To(DType.Int32);
    }

    /// <summary>Standard Gumbel numbers: -ln(-ln u).</summary>
    public Tensor Gumbel(Shape shape, DType type = DType.Float32)
    {
        CheckFloating("Gumbel", shape, type);
        return (-(-Unit(shape, type == DType.Float64, 0.5).Log()).Log()).To(type);
    }

    /// <summary>Standard exponential numbers: -ln(1 - u).</summary>
    public Tensor Exponential(Shape shape, DType type = DType.Float32)
    {
        CheckFloating("Exponential", shape, type);
        return (-(-Unit(shape, type == DType.Float64, 0)).Log1p()).To(type);
    }

    /// <summary>One index (int64) for each row of logarithmic weights along an axis, by the Gumbel maximum.</summary>
    /// <param name="logits">Unnormalised log-probabilities.</param>
    /// <param name="axis">The axis of the alternatives, which disappears.</param>
    public Tensor Categorical(Tensor logits, int axis = -1) =>
        (logits + Gumbel(logits.Shape, logits.DType == DType.Float64 ? DType.Float64 : DType.Float32)).ArgMax(logits.Shape.Axis(axis, "Categorical"));

    // Odd multiples keep the open interval open: (bits + ½)/2ⁿ is never 0 nor 1.
    private Tensor Unit(Shape shape, bool twice, double offset)
    {
        if (!twice)
        {
            const int bits = 24;
            var word = Bits(shape).ShiftRightLogical(32 - bits).To(DType.Float32);
            return offset == 0 ? word * (1.0 / (1 << bits)) : Halfway(word, bits);
        }

        var words = Bits([2, .. shape]);
        var high = words.Narrow(0, 0, 1).Squeeze(0).ShiftRightLogical(5).To(DType.Float64); // 27 bits
        var low = words.Narrow(0, 1, 1).Squeeze(0).ShiftRightLogical(6).To(DType.Float64); // 26 bits
        const double scale = 1.0 / (1L << 53);
        return (high * (1 << 26) + low + offset) * scale;
    }

    // 24 bits and a half do not fit float32: give up the lowest bit.
    private static Tensor Halfway(Tensor word, int bits) => ((word * 0.5).Floor() + 0.5) * (1.0 / (1 << (bits - 1)));

    private static void CheckFloating(string operation, Shape shape, DType type)
    {
        if (!type.IsFloating()) throw new DTypeException($"{operation}: draws floating numbers, not {type.Name()}{shape}");
    }
}
