namespace Noether.Kernels.Attention;

/// <summary>What attention asks of an element type beside arithmetic, and how its elements lie in memory.</summary>
/// <typeparam name="TStored">An element of an operand or result in memory.</typeparam>
/// <typeparam name="T">What is calculated in: float or double.</typeparam>
public interface IAttentionNumber<TStored, T>
    where TStored : unmanaged
    where T : unmanaged
{
    /// <summary>How many elements of the inner size shared memory holds at a time: a power of two that lets all tiles fit in 48 KB.</summary>
    static abstract int Step { get; }

    /// <summary>-∞.</summary>
    static abstract T Hidden { get; }

    /// <summary>An element as read.</summary>
    static abstract T Read(TStored x);

    /// <summary>An element to write, rounded to nearest.</summary>
    static abstract TStored Written(T x);

    /// <summary><c>e^x</c>.</summary>
    static abstract T Exp(T x);

    /// <summary><c>log x</c>; -∞ for 0.</summary>
    static abstract T Log(T x);
}
