using Noether.Primitives;

namespace Noether.Graphs;

/// <summary>The host's waves: small steps of any kind, a step a thread.</summary>
/// <remarks>A small step is not worth sharing among threads: handing out its parts costs as much as they do. Several of them are.</remarks>
internal sealed class ThreadWaves : IWaveRule
{
    // Below this, sharing a step itself gains nothing or little.
    private const double MostNanoseconds = 10_000;

    // What must run beside the longest step: handing out takes 1 µs, bringing operands into the other threads' caches as much again, and a thread
    // that is not free at once many times that.
    private const double LeastGain = 8_000;

    // What a step takes that has nothing to do; and what one thread does, about, on operands that lie in its cache.
    private const double Dispatch = 300;
    private const double ProductFlopsOfNanosecond = 80;
    private const double FlopsOfNanosecond = 40;
    private const double BytesOfNanosecond = 60;

    public int Window => 64;

    public bool GoTogether(Step first, Step other) => true;

    // With a long one beside short ones it is better to share the long one.
    public bool Pays(double sum, double longest) => sum - longest >= Math.Max(LeastGain, 0.8 * longest);

    public double CostOf(Step step, IReadOnlyList<TensorType> values)
    {
        if (!TakesWhatItCosts(step)) return double.PositiveInfinity;
        var cost = Cost.Of(step, Array.ConvertAll(step.Inputs, i => values[i]), Array.ConvertAll(step.Outputs, o => values[o]));
        var nanoseconds = Dispatch + cost.Flops / (IsProduct(step) ? ProductFlopsOfNanosecond : FlopsOfNanosecond) + cost.Bytes / BytesOfNanosecond;
        return nanoseconds <= MostNanoseconds ? nanoseconds : double.PositiveInfinity;
    }

    // Not so sorts and factorisations, which do little at a time, and loops, which run plans of their own.
    private static bool TakesWhatItCosts(Step step) =>
        step.Group is not null || IsProduct(step) || step.Primitive is LinearPrimitive or RowPrimitive or CrossEntropy or CrossEntropyGradient or LayerNorm
            or LayerNormGradient or BatchNormalization or BatchNormalizationGradient or Variance or SumOfSquares or RandomBits or Constant;

    private static bool IsProduct(Step step) => step.Primitive is MatMul or MatMulSum or DualMatMul or Convolution;
}
