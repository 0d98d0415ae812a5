namespace Noether.Kernels.Scans;

/// <summary>A thread's elements of a line. Inside kernels only.</summary>
internal struct ScanPart
{
    /// <summary>Where the line's first element lies.</summary>
    public long Start;

    /// <summary>From one element to the next.</summary>
    public long Step;

    /// <summary>The numbers of the group's elements, to the end.</summary>
    public long Begin, End;

    /// <summary>How many a thread has, the last one less.</summary>
    public long Chunk;

    /// <summary>The numbers of the thread's elements, to the end.</summary>
    public long From, To;
}
