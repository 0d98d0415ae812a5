using System.Numerics;

namespace Noether.Kernels.Indexing;

/// <summary>The smaller stays; NaN if either is NaN.</summary>
/// <typeparam name="T">The element.</typeparam>
public readonly struct ScatterMinimum<T> : IScatterOperation<T>
    where T : unmanaged, INumber<T>
{
    // NaNs are asked for first: where ILGPU 1.5.3 inverts a comparison, its OpenCL code forgets that NaNs compare false.
    /// <inheritdoc/>
    public static T Combine(T present, T update) => T.IsNaN(present) ? present : T.IsNaN(update) ? update : present <= update ? present : update;
}
