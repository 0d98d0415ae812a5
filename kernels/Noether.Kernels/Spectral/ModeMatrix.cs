using System.Numerics;
using ILGPU;
using Noether.Kernels.Copies;

namespace Noether.Kernels.Spectral;

/// <summary>A complex matrix for each mode, real and imaginary parts apart.</summary>
/// <typeparam name="T">float or double.</typeparam>
public struct ModeMatrix<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>The real parts' memory.</summary>
    public ArrayView<T> Real;

    /// <summary>The imaginary parts' memory.</summary>
    public ArrayView<T> Imaginary;

    /// <summary>Where each mode's matrix begins in both.</summary>
    public IndexMap Modes;

    /// <summary>Elements from one row to the next.</summary>
    public long RowStride;

    /// <summary>Elements from one column to the next.</summary>
    public long ColumnStride;

    /// <summary>The factor of imaginary parts that are read: -1 takes the conjugate.</summary>
    public T Sign;
}
