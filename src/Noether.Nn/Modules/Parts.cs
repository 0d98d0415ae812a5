namespace Noether.Nn;

/// <summary>Named modules in order, as a model that is made of them has them: parameters and state of each lie below its name.</summary>
public static class Parts
{
    /// <summary>Fresh parameters of all, each from a key of its own.</summary>
    /// <param name="parts">Names and modules.</param>
    /// <param name="key">Split among the parts.</param>
    /// <param name="type">The parameters' type.</param>
    public static Parameters Init(IReadOnlyList<(string Name, IModule Module)> parts, RandomKey key, DType type)
    {
        var keys = key.Split(Math.Max(1, parts.Count));
        return Parameters.Nest([.. parts.Select((part, i) => (part.Name, part.Module.Init(keys[i], type)))]);
    }

    /// <summary>The state of all before training.</summary>
    /// <param name="parts">Names and modules.</param>
    /// <param name="type">The type of running statistics.</param>
    /// <param name="device">Default: <see cref="Device.Default"/>.</param>
    public static Parameters InitState(IReadOnlyList<(string Name, IModule Module)> parts, DType type, Device? device) =>
        Parameters.Nest([.. parts.Select(part => (part.Name, part.Module.InitState(type, device)))]);

    /// <summary>The parts below a name, one a line, indented as they nest.</summary>
    /// <param name="parts">Names and modules.</param>
    /// <param name="name">Of the whole.</param>
    public static string Print(IReadOnlyList<(string Name, IModule Module)> parts, string name)
    {
        var text = new System.Text.StringBuilder(name).Append('(');
        foreach (var (part, module) in parts) text.Append($"\n  ({part}): {module.ToString()!.Replace("\n", "\n  ")}");
        return text.Append(parts.Count > 0 ? "\n)" : ")").ToString();
    }
}
