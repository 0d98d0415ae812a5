namespace Noether.Kernels.Random;

/// <summary>Four 32-bit words: a counter of Philox, or what comes of it.</summary>
public struct PhiloxBlock
{
    /// <summary>The first word, lowest of a counter.</summary>
    public uint X;

    /// <summary>The second word.</summary>
    public uint Y;

    /// <summary>The third word.</summary>
    public uint Z;

    /// <summary>The fourth word.</summary>
    public uint W;

    /// <summary>Word 0 to 3.</summary>
    public readonly uint this[int word] => word == 0 ? X : word == 1 ? Y : word == 2 ? Z : W;
}
