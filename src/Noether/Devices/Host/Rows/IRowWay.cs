using Noether.Kernels.Lanes;

namespace Noether.Devices.Host;

/// <summary>The sizes of the rows that one call works on.</summary>
/// <param name="Length">Elements of a row.</param>
/// <param name="Stride">From one element to the next.</param>
/// <param name="Lanes">Rows side by side, at most as many as a register has lanes.</param>
internal readonly record struct RowSize(long Length, long Stride, int Lanes);

/// <summary>How the lanes of a register lie over the rows of a dense [outer, n, inner]: see <see cref="AlongRow"/> and <see cref="AcrossRows"/>.</summary>
/// <remarks>
/// What is one number a row (a maximum, a sum) fills every lane of its row, so that kernels read the same in either way. Loads may reach a
/// register past the last element, as tensors' storages allow; stores do not.
/// </remarks>
internal unsafe interface IRowWay
{
    /// <summary>True if a register holds neighbours of one row, false if it holds one element of each of several rows.</summary>
    static abstract bool IsAlong { get; }

    /// <summary>The largest of each row; NaNs among numbers may be missed.</summary>
    static abstract V Max<V, T>(RowSize row, T* x)
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged;

    /// <summary>Each row's sum of a pass of few operations.</summary>
    static abstract V Sum<TPass, V, T>(RowSize row, T* x, T* z, V p, V q)
        where TPass : struct, IRowPass
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged;

    /// <summary>Each row's sum of a pass with a transcendental function.</summary>
    static abstract V SumLong<TPass, V, T>(RowSize row, T* x, T* z, V p, V q)
        where TPass : struct, IRowPass
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged;

    /// <summary>As <see cref="SumLong"/>, and stores the values.</summary>
    static abstract V MapSum<TPass, V, T>(RowSize row, T* x, T* z, T* y, V p, V q)
        where TPass : struct, IRowPass
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged;

    /// <summary>Stores the values of a pass.</summary>
    static abstract void Map<TPass, V, T>(RowSize row, T* x, T* z, T* y, V p, V q)
        where TPass : struct, IRowPass
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged;

    /// <summary>Loads one number a row.</summary>
    static abstract V Load<V, T>(T* p)
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged;

    /// <summary>Stores one number a row.</summary>
    static abstract void Store<V, T>(RowSize row, V x, T* p)
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where T : unmanaged;
}
