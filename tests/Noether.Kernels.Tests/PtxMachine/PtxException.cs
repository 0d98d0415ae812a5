namespace Noether.Kernels.Tests;

/// <summary>A program does what it must not, or the machine does not know what it does.</summary>
public sealed class PtxException : Exception
{
    /// <summary>Says what is wrong.</summary>
    public PtxException(string message)
        : base(message)
    {
    }

    /// <summary>Says where.</summary>
    public PtxException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
