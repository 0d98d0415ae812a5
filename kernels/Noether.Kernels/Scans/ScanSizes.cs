namespace Noether.Kernels.Scans;

/// <summary>What the groups of a scan know.</summary>
public struct ScanSizes
{
    /// <summary>Elements of a line.</summary>
    public long Length;

    /// <summary>The product of the sizes behind the scanned axis.</summary>
    public long Inner;

    /// <summary>Elements of a part of a line, which a group scans.</summary>
    public long PartLength;

    /// <summary>Parts of a line.</summary>
    public int Parts;

    /// <summary>1 if lines run from the last element to the first, else 0.</summary>
    public int Reverse;
}
