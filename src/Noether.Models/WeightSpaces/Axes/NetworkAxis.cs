namespace Noether.Models.WeightSpaces;

/// <summary>An axis that tensors of a network share: neurons, channels, heads; or one whose places have a meaning each, as those of a filter.</summary>
/// <param name="Name">By which tensors say that they have it.</param>
/// <param name="Size">How many places it has.</param>
/// <param name="Permutes">Whether the places may change their order, in all tensors at once, without changing what the network computes.</param>
public sealed record NetworkAxis(string Name, int Size, bool Permutes = true)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Size}{(Permutes ? "" : " fixed")}";
}
