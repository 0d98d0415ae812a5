namespace Noether.Nn;

/// <summary>A module made of named others. It says which, and what happens between them; parameters and state follow.</summary>
public abstract record CompositeModule : Module
{
    /// <summary>The parts in order; their names prefix those of their parameters and state.</summary>
    public abstract IReadOnlyList<(string Name, Module Module)> Children { get; }

    private IReadOnlyList<(string Name, IModule Module)> Parts => [.. Children.Select(static child => (child.Name, (IModule)child.Module))];

    /// <inheritdoc/>
    public override Parameters Init(RandomKey key, DType type = DType.Float32) => Nn.Parts.Init(Parts, key, type);

    /// <inheritdoc/>
    public override Parameters InitState(DType type = DType.Float32, Device? device = null) => Nn.Parts.InitState(Parts, type, device);

    /// <summary>The parts, one a line, indented as they nest.</summary>
    public sealed override string ToString() => Nn.Parts.Print(Parts, GetType().Name);

    /// <summary>Applies one part with its own parameters, state and key.</summary>
    protected static Tensor Call(string name, Module module, Parameters parameters, Tensor x, Context context)
    {
        var own = context.Under(name);
        var y = module.Apply(parameters.Under(name), x, own);
        own.Observe(y);
        return y;
    }
}
