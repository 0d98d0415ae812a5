using System.Numerics;

namespace Noether.Kernels.MatMul;

/// <summary>Where the results of a product go, if not to a dense matrix.</summary>
internal interface IQuadWriter<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>Takes four neighbours of a row, which may lie outside the result.</summary>
    void Write(Four<T> x, int row, int column);
}
