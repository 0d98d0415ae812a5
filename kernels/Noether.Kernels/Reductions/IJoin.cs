namespace Noether.Kernels.Reductions;

/// <summary>What joins two partial results: associative and commutative, up to rounding.</summary>
/// <typeparam name="T">The partial result.</typeparam>
public interface IJoin<T>
    where T : unmanaged
{
    /// <summary>Two parts as one.</summary>
    static abstract T Join(T left, T right);
}
