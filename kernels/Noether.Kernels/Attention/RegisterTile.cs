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
}
