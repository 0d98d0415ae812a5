namespace Noether.Kernels.Reductions;

/// <summary>Through a line whose elements are all equally far apart.</summary>
internal readonly struct OneRun : IWalk
{
    /// <inheritdoc/>
    public static FoldPart Next(FoldPart part, FoldSizes sizes)
    {
        part.Position += sizes.Height;
        part.Address += sizes.Step;
        return part;
    }
}
