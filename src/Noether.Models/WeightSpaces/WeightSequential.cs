using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>One map of weight-space features after another, named 0, 1, 2 …</summary>
public sealed record WeightSequential : WeightModule
{
    private readonly WeightModule[] modules;

    /// <summary>Modules in the order of their application.</summary>
    public WeightSequential(params ReadOnlySpan<WeightModule> modules) => this.modules = modules.ToArray();

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, IModule Module)> Children => [.. modules.Select(static (module, i) => ($"{i}", (IModule)module))];

    /// <inheritdoc/>
    public override WeightFeatures Apply(Parameters parameters, WeightFeatures x, Context context)
    {
        for (var i = 0; i < modules.Length; i++) x = Call($"{i}", modules[i], parameters, x, context);
        return x;
    }
}
