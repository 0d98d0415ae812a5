using System.Numerics;
using System.Runtime.CompilerServices;

namespace Noether.Kernels;

/// <summary>Four neighbours, loaded and stored at once: 16 bytes of float32.</summary>
/// <typeparam name="T">The element.</typeparam>
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

    /// <summary>The sum of two, each by each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Four<T> Sum(Four<T> x, Four<T> y) => new() { X = x.X + y.X, Y = x.Y + y.Y, Z = x.Z + y.Z, W = x.W + y.W };

    /// <summary><c>Σ x·y</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Dot(Four<T> x, Four<T> y) => x.X * y.X + x.Y * y.Y + (x.Z * y.Z + x.W * y.W);

    /// <summary>The one with a number from 0 to 3, by selection: an array would live in local memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Pick(Four<T> x, int lane)
    {
        T lower = lane == 0 ? x.X : x.Y, upper = lane == 2 ? x.Z : x.W;
        return lane < 2 ? lower : upper;
    }

    /// <summary>The four with one of them replaced.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Four<T> Put(Four<T> x, int lane, T value) => new()
    {
        X = lane == 0 ? value : x.X,
        Y = lane == 1 ? value : x.Y,
        Z = lane == 2 ? value : x.Z,
        W = lane == 3 ? value : x.W,
    };
}
