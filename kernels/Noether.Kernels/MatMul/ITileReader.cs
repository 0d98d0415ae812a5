using System.Numerics;
using ILGPU;

namespace Noether.Kernels.MatMul;

/// <summary>Brings one factor of a product to shared memory, a step of the depth at a time: the quads of one thread.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <typeparam name="TSelf">The reader.</typeparam>
internal interface ITileReader<T, TSelf>
    where T : unmanaged, INumber<T>
    where TSelf : struct, ITileReader<T, TSelf>
{
    /// <summary>Reads the thread's quads of the next step.</summary>
    FactorQuads<T> Read();

    /// <summary>The reader after a step.</summary>
    static abstract TSelf Advance(TSelf reader);

    /// <summary>Writes the thread's quads to the tile that begins at <paramref name="tile"/> (in Fours).</summary>
    static abstract void Write(ArrayView<Four<T>> shared, int tile, FactorQuads<T> quads);
}
