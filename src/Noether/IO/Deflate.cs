namespace Noether;

/// <summary>The limit that lets a reader refuse a false size before it allocates.</summary>
internal static class Deflate
{
    // The densest code of deflate is 258 bytes out of 2 bits.
    private const long MostBytesPerByte = 1032;

    /// <summary>False if that many compressed bytes cannot possibly expand to that many.</summary>
    public static bool CanHold(long compressed, long bytes) => bytes / MostBytesPerByte <= compressed;
}
