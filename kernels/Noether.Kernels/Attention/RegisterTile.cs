using System.Numerics;
using System.Runtime.CompilerServices;

namespace Noether.Kernels.Attention;

/// <summary>Eight rows of four columns that a thread keeps in registers: straight-line, because the compiler unrolls no loop.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal struct RegisterTile<T>
    where T : unmanaged, INumber<T>
{
    public Four<T> Row0, Row1, Row2, Row3, Row4, Row5, Row6, Row7;

    /// <summary>The sum with the outer product of eight numbers and four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static RegisterTile<T> Add(RegisterTile<T> c, Four<T> upper, Four<T> lower, Four<T> b) => new()
    {
        Row0 = Four<T>.Add(c.Row0, upper.X, b),
        Row1 = Four<T>.Add(c.Row1, upper.Y, b),
        Row2 = Four<T>.Add(c.Row2, upper.Z, b),
        Row3 = Four<T>.Add(c.Row3, upper.W, b),
        Row4 = Four<T>.Add(c.Row4, lower.X, b),
        Row5 = Four<T>.Add(c.Row5, lower.Y, b),
        Row6 = Four<T>.Add(c.Row6, lower.Z, b),
        Row7 = Four<T>.Add(c.Row7, lower.W, b),
    };

    /// <summary>Each row times its factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static RegisterTile<T> Scale(RegisterTile<T> c, Four<T> upper, Four<T> lower) => new()
    {
        Row0 = Four<T>.Scale(c.Row0, upper.X),
        Row1 = Four<T>.Scale(c.Row1, upper.Y),
        Row2 = Four<T>.Scale(c.Row2, upper.Z),
        Row3 = Four<T>.Scale(c.Row3, upper.W),
        Row4 = Four<T>.Scale(c.Row4, lower.X),
        Row5 = Four<T>.Scale(c.Row5, lower.Y),
        Row6 = Four<T>.Scale(c.Row6, lower.Z),
        Row7 = Four<T>.Scale(c.Row7, lower.W),
    };

    /// <summary>Less a number for each row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static RegisterTile<T> LessRows(RegisterTile<T> c, Four<T> upper, Four<T> lower) => new()
    {
        Row0 = Less(c.Row0, upper.X, upper.X, upper.X, upper.X),
        Row1 = Less(c.Row1, upper.Y, upper.Y, upper.Y, upper.Y),
        Row2 = Less(c.Row2, upper.Z, upper.Z, upper.Z, upper.Z),
        Row3 = Less(c.Row3, upper.W, upper.W, upper.W, upper.W),
        Row4 = Less(c.Row4, lower.X, lower.X, lower.X, lower.X),
        Row5 = Less(c.Row5, lower.Y, lower.Y, lower.Y, lower.Y),
        Row6 = Less(c.Row6, lower.Z, lower.Z, lower.Z, lower.Z),
        Row7 = Less(c.Row7, lower.W, lower.W, lower.W, lower.W),
    };

    /// <summary>Less a number for each column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static RegisterTile<T> LessColumns(RegisterTile<T> c, Four<T> x) => new()
    {
        Row0 = Less(c.Row0, x.X, x.Y, x.Z, x.W),
        Row1 = Less(c.Row1, x.X, x.Y, x.Z, x.W),
        Row2 = Less(c.Row2, x.X, x.Y, x.Z, x.W),
        Row3 = Less(c.Row3, x.X, x.Y, x.Z, x.W),
        Row4 = Less(c.Row4, x.X, x.Y, x.Z, x.W),
        Row5 = Less(c.Row5, x.X, x.Y, x.Z, x.W),
        Row6 = Less(c.Row6, x.X, x.Y, x.Z, x.W),
        Row7 = Less(c.Row7, x.X, x.Y, x.Z, x.W),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Four<T> Less(Four<T> c, T x, T y, T z, T w) => new() { X = c.X - x, Y = c.Y - y, Z = c.Z - z, W = c.W - w };
}
