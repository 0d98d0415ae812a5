using Noether.Graphs;
using Noether.Primitives;

namespace Noether.Devices;

/// <summary>What a plan puts into a block.</summary>
/// <param name="Type">The first value in it.</param>
/// <param name="Step">What computes it.</param>
internal sealed record BlockContent(TensorType Type, Step Step)
{
    public override string ToString() => $"{Type} of {Step.Name}";
}
