using Noether.Models.WeightSpaces;
using Noether.Nn;

namespace Noether.Models.Tests.Fixtures;

/// <summary>What a fixture checks: a function of parameters and inputs, both by the file's names.</summary>
/// <param name="Like">Names and shapes of our parameters.</param>
/// <param name="State">Constants of the module, taken from the file.</param>
/// <param name="Apply">Outputs by name (W0, b0, …, or y) from parameters and inputs by name.</param>
public sealed record FixtureModule(Parameters Like, Parameters State, Func<Parameters, Parameters, Parameters> Apply)
{
    /// <summary>Relative to the largest magnitude of an array, for float64.</summary>
    public double Tolerance { get; init; } = 1e-11;

    /// <summary>The same for float32.</summary>
    public double SingleTolerance { get; init; } = 1e-4;

    /// <summary>For a whole model: the loss of the first output and the target, as a mean.</summary>
    public Func<Tensor, Tensor, Tensor>? Loss { get; init; }

    /// <summary>For a whole model: its optimiser.</summary>
    public Optimizer? Optimizer { get; init; }

    /// <summary>Linear maps, pooling and maps of single entries are held to sharper tolerances.</summary>
    public FixtureModule Sharp() => this with { Tolerance = 1e-12, SingleTolerance = 1e-5 };

    /// <summary>A map of weight-space features.</summary>
    public static FixtureModule Of(FixtureFile file, WeightModule module)
    {
        var (like, state) = Start(file, module);
        return new(like, state, (p, x) => Named(module.Apply(p, Features(file, x), Context.ForInference(state))));
    }

    /// <summary>A map of weight-space features to a tensor.</summary>
    public static FixtureModule Of(FixtureFile file, WeightModule<Tensor> module)
    {
        var (like, state) = Start(file, module);
        return new(like, state, (p, x) => Parameters.Of(("y", module.Apply(p, Features(file, x), Context.ForInference(state)))));
    }

    /// <summary>A map of a tensor to another.</summary>
    public static FixtureModule Of(FixtureFile file, Module module)
    {
        var (like, state) = Start(file, module);
        return new(like, state, (p, x) => Parameters.Of(("y", module.Apply(p, x["y"], Context.ForInference(state)))));
    }

    /// <summary>The features of a file's arrays W0, b0, W1 …</summary>
    public static WeightFeatures Features(FixtureFile file, Parameters x)
    {
        var spec = file.Spec;
        return WeightFeatures.Fold(spec, [.. Enumerable.Range(0, spec.Layers).Select(i => x[$"W{i}"])], [.. Enumerable.Range(0, spec.Layers).Select(i => x[$"b{i}"])]);
    }

    /// <summary>The inverse of <see cref="Features"/>.</summary>
    public static Parameters Named(WeightFeatures x) => new(Enumerable.Range(0, x.Spec.Layers).SelectMany(i =>
        (KeyValuePair<string, Tensor>[])[new($"W{i}", x.Unfold(i)), new($"b{i}", x.Biases[i])]));

    private static (Parameters Like, Parameters State) Start(FixtureFile file, IModule module)
    {
        var key = RandomKey.From(0, file.Device);
        var state = module.InitState(file.Type, file.Device);
        return (module.Init(key, file.Type), state.Count == 0 ? state : ReferenceParameters.Load(state, file.Under("buffer")));
    }
}
