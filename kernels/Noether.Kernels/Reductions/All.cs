namespace Noether.Kernels.Reductions;

/// <summary>1 if every element is not 0; of nothing, 1.</summary>
public readonly struct All : IReduction<byte, byte, byte>
{
    /// <inheritdoc/>
    public static byte Empty => 1;

    /// <inheritdoc/>
    public static byte Lift(byte x, long index) => (byte)(x != 0 ? 1 : 0);

    /// <inheritdoc/>
    public static byte Join(byte left, byte right) => (byte)(left & right);

    /// <inheritdoc/>
    public static byte Finish(byte partial) => partial;
}
