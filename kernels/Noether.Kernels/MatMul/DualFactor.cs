using System.Numerics;
using ILGPU;

namespace Noether.Kernels.MatMul;

/// <summary>One factor of a product and its tangent.</summary>
/// <typeparam name="T">The element type.</typeparam>
public struct DualFactor<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>The factor's memory.</summary>
    public ArrayView<T> Value;

    /// <summary>The tangent's memory.</summary>
    public ArrayView<T> Tangent;

    /// <summary>Where the factor lies.</summary>
    public MatrixLayout Layout;

    /// <summary>Where the tangent lies; fastest if its strides are the factor's.</summary>
    public MatrixLayout TangentLayout;

    /// <summary>True if both are read along the same direction, four at a time.</summary>
    internal readonly bool HasQuads => Layout.HasQuads && TangentLayout.HasQuads && Layout.IsColumnMajor == TangentLayout.IsColumnMajor;
}
