namespace Noether.Kernels.Spectral;

/// <summary>The part of a transform that one launch does.</summary>
/// <remarks>
/// A length N1·N2 goes in two: first N2 transforms of N1 points each, N2 apart, whose results are turned and lie as [outer, N2, N1, inner]; then that
/// is a transform of N2 points along its own axis. Lines of the first part are numbered [outer, N2, inner].
/// </remarks>
public struct FourierStep
{
    /// <summary>The points of a line: N1.</summary>
    public int Length;

    /// <summary>N2; 1 if the transform is done in one.</summary>
    public int Others;

    /// <summary>Lines of a group.</summary>
    public int Lines;

    /// <summary>Their logarithm to the base 2, for lines in registers.</summary>
    public int Shift;

    /// <summary>Lines of all groups.</summary>
    internal readonly long All<T>(in FourierSizes<T> sizes)
        where T : unmanaged => sizes.Lines * Others;

    /// <summary>True if neighbouring lines, and not neighbouring points, are neighbours in memory.</summary>
    internal readonly bool IsAcross<T>(FourierSizes<T> sizes)
        where T : unmanaged => sizes.Inner * Others > 1;
}
