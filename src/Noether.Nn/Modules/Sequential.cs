namespace Noether.Nn;

/// <summary>One module after another, named 0, 1, 2 …</summary>
public sealed record Sequential : CompositeModule
{
    /// <summary>Modules in the order of their application.</summary>
    public Sequential(params ReadOnlySpan<Module> modules)
    {
        var named = new (string, Module)[modules.Length];
        for (var i = 0; i < named.Length; i++) named[i] = (i.ToString(), modules[i]);
        Children = named;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Module Module)> Children { get; }

    /// <inheritdoc/>
    public override Tensor Apply(Parameters parameters, Tensor x, Context context) =>
        Children.Aggregate(x, (y, child) => Call(child.Name, child.Module, parameters, y, context));
}
