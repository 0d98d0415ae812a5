using System.Numerics;
using System.Runtime.CompilerServices;

namespace Noether.Kernels.Attention;

/// <summary>Four neighbours: one 16-byte load of float32.</summary>
/// <typeparam name="T">float or double.</typeparam>
public struct Four<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>The first.</summary>
    public T X;

    /// <summary>The second.</summary>
    public T Y;

    /// <summary>The third.</summary>
    public T Z;

    /// <summary>The fourth.</summary>
    public T W;

    /// <summary>All of them times a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Four<T> Scale(Four<T> x, T factor) => new() { X = x.X * factor, Y = x.Y * factor, Z = x.Z * factor, W = x.W * factor };

    /// <summary><c>c + a·b</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Four<T> Add(Four<T> c, T a, Four<T> b) =>
        new() { X = c.X + a * b.X, Y = c.Y + a * b.Y, Z = c.Z + a * b.Z, W = c.W + a * b.W };
}
