namespace Noether.Kernels.Spectral;

/// <summary>The sizes of a transform along one axis of [outer, n, inner].</summary>
/// <typeparam name="T">float or double.</typeparam>
public struct FourierSizes<T>
    where T : unmanaged
{
    /// <summary>The factor of the result.</summary>
    public T Scale;

    /// <summary>Lines: outer times inner.</summary>
    public long Lines;

    /// <summary>Elements from one to the next along a line.</summary>
    public long Inner;

    /// <summary>The points of the transform: of its real side, if it has one.</summary>
    public int Points;

    /// <summary>One of the constants of <see cref="FourierKind"/>.</summary>
    public int Kind;

    /// <summary>True if a complex transform of half the points does it: two real neighbours make one complex number.</summary>
    internal readonly bool IsHalved => Kind != FourierKind.Complex && Points % 2 == 0;

    /// <summary>Complex numbers of the transform that runs.</summary>
    internal readonly int Length => IsHalved ? Points / 2 : Points;

    /// <summary>Numbers of a line of the operand.</summary>
    internal readonly int Read => Kind == FourierKind.Hermitian ? Points / 2 + 1 : Points;

    /// <summary>Numbers of a line of the result.</summary>
    internal readonly int Written => Kind == FourierKind.Real ? Points / 2 + 1 : Points;
}
