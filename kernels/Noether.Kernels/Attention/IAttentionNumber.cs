namespace Noether.Kernels.Attention;

/// <summary>What attention asks of an element type beside arithmetic.</summary>
/// <typeparam name="T">float or double.</typeparam>
public interface IAttentionNumber<T>
    where T : unmanaged
{
    /// <summary>How many elements of the inner size shared memory holds at a time: a power of two that lets all tiles fit in 48 KB.</summary>
    static abstract int Step { get; }

    /// <summary>-∞.</summary>
    static abstract T Hidden { get; }

    /// <summary><c>e^x</c>.</summary>
    static abstract T Exp(T x);

    /// <summary><c>log x</c>; -∞ for 0.</summary>
    static abstract T Log(T x);
}
