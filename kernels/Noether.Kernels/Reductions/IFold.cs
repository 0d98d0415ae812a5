namespace Noether.Kernels.Reductions;

/// <summary>What a fold reads, and what it makes of it.</summary>
/// <typeparam name="TSelf">The implementing struct: the views that it reads.</typeparam>
/// <typeparam name="T">The partial result.</typeparam>
internal interface IFold<TSelf, T> : IJoin<T>
    where TSelf : struct, IFold<TSelf, T>
    where T : unmanaged
{
    /// <summary>The partial of one element.</summary>
    /// <param name="fold">The views.</param>
    /// <param name="address">Where it lies.</param>
    /// <param name="position">Which it is of its line.</param>
    static abstract T At(TSelf fold, long address, long position);

    /// <summary>The partial of four neighbours.</summary>
    /// <param name="fold">The views.</param>
    /// <param name="address">Where they lie, in quads.</param>
    /// <param name="position">Which the first is of its line.</param>
    static abstract T AtFour(TSelf fold, long address, long position);
}
