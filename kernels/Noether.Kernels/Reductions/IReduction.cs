namespace Noether.Kernels.Reductions;

/// <summary>
/// A reduction's operator: how an element becomes a partial result, how two of those join, and what comes out in the end.
/// </summary>
/// <typeparam name="TInput">The element.</typeparam>
/// <typeparam name="TPartial">The partial result.</typeparam>
/// <typeparam name="TOutput">The result.</typeparam>
public interface IReduction<TInput, TPartial, TOutput> : IJoin<TPartial>
    where TInput : unmanaged
    where TPartial : unmanaged
    where TOutput : unmanaged
{
    /// <summary>The result of no elements.</summary>
    static abstract TPartial Empty { get; }

    /// <summary>The partial of one element, the one at <paramref name="index"/> of its line.</summary>
    static abstract TPartial Lift(TInput x, long index);

    /// <summary>The result.</summary>
    static abstract TOutput Finish(TPartial partial);
}
