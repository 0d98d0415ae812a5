namespace Noether.Kernels.Reductions;

/// <summary>Through a line of several runs, such as a channel of images.</summary>
internal readonly struct ManyRuns : IWalk
{
    /// <inheritdoc/>
    public static FoldPart Next(FoldPart part, FoldSizes sizes)
    {
        part.Position += sizes.Height;
        part.Address += sizes.Step;
        part.Low += sizes.LowStep;
        if (part.Low >= sizes.Low)
        {
            part.Low -= sizes.Low;
            part.Address += sizes.Wrap;
        }

        return part;
    }
}
