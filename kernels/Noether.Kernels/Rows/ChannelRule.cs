namespace Noether.Kernels.Rows;

/// <summary>The numbers of a batch normalisation.</summary>
public struct ChannelRule
{
    /// <summary>ε.</summary>
    public double Epsilon;

    /// <summary>One over the elements of a channel.</summary>
    public double Share;

    /// <summary>How many.</summary>
    public uint Channels;
}
