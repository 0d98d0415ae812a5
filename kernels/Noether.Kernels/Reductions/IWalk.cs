namespace Noether.Kernels.Reductions;

/// <summary>How a thread goes from an element of its line to the next. Inside kernels only.</summary>
internal interface IWalk
{
    /// <summary>On to the thread's next element.</summary>
    static abstract FoldPart Next(FoldPart part, FoldSizes sizes);
}
