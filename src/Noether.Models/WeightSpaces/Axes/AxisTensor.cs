namespace Noether.Models.WeightSpaces;

/// <summary>A tensor of a network and the names of its axes.</summary>
/// <param name="name">As the network's parameters, or its running statistics, have it.</param>
/// <param name="axes">The names of its axes in order; one name may come twice, and then both axes move together. None: a number.</param>
public sealed class AxisTensor(string name, params ReadOnlySpan<string> axes)
{
    /// <summary>As the network's parameters, or its running statistics, have it.</summary>
    public string Name { get; } = name;

    /// <summary>The names of its axes in order.</summary>
    public IReadOnlyList<string> Axes { get; } = axes.ToArray();

    /// <inheritdoc/>
    public override string ToString() => $"{Name}[{string.Join(", ", Axes)}]";
}
