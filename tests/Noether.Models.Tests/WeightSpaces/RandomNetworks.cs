using Noether.Models.WeightSpaces;
using Noether.Nn;

namespace Noether.Models.Tests.WeightSpaces;

/// <summary>Networks of random sizes with random features, in float64, and what properties of modules on them need.</summary>
internal static class RandomNetworks
{
    /// <summary>Two to four layers of up to six neurons; a filter of more than one position before every second layer or so.</summary>
    public static WeightSpec Spec(int seed, bool dense = false)
    {
        var random = new Random(seed);
        var layers = random.Next(2, 5);
        return new(
            [.. Enumerable.Range(0, layers + 1).Select(_ => random.Next(2, 7))],
            [.. Enumerable.Range(0, layers).Select(_ => dense || random.Next(2) == 0 ? (1, 1) : (random.Next(1, 4), random.Next(1, 4)))]);
    }

    public static WeightFeatures Features(WeightSpec spec, int batch, int channels, int seed, Device? device = null)
    {
        var keys = RandomKey.From(seed, device).Split(2 * spec.Layers);
        return new(
            spec,
            [.. Enumerable.Range(0, spec.Layers).Select(i => keys[2 * i].Normal([batch, channels * spec.FilterSize(i), spec.Widths[i + 1], spec.Widths[i]], type: DType.Float64))],
            [.. Enumerable.Range(0, spec.Layers).Select(i => keys[2 * i + 1].Normal([batch, channels, spec.Widths[i + 1]], type: DType.Float64))]);
    }

    /// <summary>Parameters without ones or zeros behind which an error could hide.</summary>
    public static Parameters Parameters(IModule module, int seed)
    {
        var start = module.Init(RandomKey.From(seed), DType.Float64);
        var keys = RandomKey.From(seed + 1).Split(Math.Max(1, start.Count));
        var at = 0;
        return start.Map(t => t + 0.3 * keys[at++].Normal(t.Shape, type: DType.Float64));
    }

    public static Context Inference(IModule module) => Context.ForInference(module.InitState(DType.Float64, Device.Default));

    /// <summary>The largest difference, relative to the largest magnitude of what is expected.</summary>
    public static double Difference(WeightFeatures actual, WeightFeatures expected)
    {
        Assert.That(actual.Spec, Is.EqualTo(expected.Spec));
        Tensor.Evaluate([.. actual.Leaves, .. expected.Leaves]);
        return actual.Leaves.Zip(expected.Leaves, Difference).Max();
    }

    public static double Difference(Tensor actual, Tensor expected)
    {
        Assert.That(actual.Shape, Is.EqualTo(expected.Shape));
        return expected.Size == 0 ? 0 : ((actual - expected).Abs().Max() / expected.Abs().Max()).Item();
    }
}
