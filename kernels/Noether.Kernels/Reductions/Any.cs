namespace Noether.Kernels.Reductions;

/// <summary>1 if some element is not 0; of nothing, 0.</summary>
public readonly struct Any : IReduction<byte, byte, byte>
{
    /// <inheritdoc/>
    public static byte Empty => 0;

    /// <inheritdoc/>
    public static byte Lift(byte x, long index) => (byte)(x != 0 ? 1 : 0);

    /// <inheritdoc/>
    public static byte Join(byte left, byte right) => (byte)(left | right);

    /// <inheritdoc/>
    public static byte Finish(byte partial) => partial;
}
