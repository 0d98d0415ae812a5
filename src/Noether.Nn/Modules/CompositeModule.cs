using System.Text;

namespace Noether.Nn;

/// <summary>A module made of named others. It says which, and what happens between them; parameters and state follow.</summary>
public abstract record CompositeModule : Module
{
    /// <summary>The parts in order; their names prefix those of their parameters and state.</summary>
    public abstract IReadOnlyList<(string Name, Module Module)> Children { get; }

    /// <inheritdoc/>
    public override Parameters Init(RandomKey key, DType type = DType.Float32)
    {
        var keys = key.Split(Math.Max(1, Children.Count));
        return Parameters.Nest([.. Children.Select((child, i) => (child.Name, child.Module.Init(keys[i], type)))]);
    }

    /// <inheritdoc/>
    public override Parameters InitState(DType type = DType.Float32, Device? device = null) =>
        Parameters.Nest([.. Children.Select(child => (child.Name, child.Module.InitState(type, device)))]);

    /// <summary>The parts, one a line, indented as they nest.</summary>
    public sealed override string ToString()
    {
        var text = new StringBuilder(GetType().Name).Append('(');
        foreach (var (name, module) in Children) text.Append($"\n  ({name}): {module.ToString()!.Replace("\n", "\n  ")}");
        return text.Append(Children.Count > 0 ? "\n)" : ")").ToString();
    }

    /// <summary>Applies one part with its own parameters, state and key.</summary>
    protected static Tensor Call(string name, Module module, Parameters parameters, Tensor x, Context context) =>
        module.Apply(parameters.Under(name), x, context.Under(name));
}
