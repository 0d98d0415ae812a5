using System.Numerics;
using System.Runtime.CompilerServices;

namespace Noether.Kernels.MatMul;

/// <summary>Four rows of four columns that a thread keeps in registers.</summary>
internal struct QuadTile<T>
    where T : unmanaged, INumber<T>
{
    public Four<T> Row0, Row1, Row2, Row3;

    /// <summary>The sum with the outer product of four numbers and four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static QuadTile<T> Add(QuadTile<T> c, Four<T> a, Four<T> b) => new()
    {
        Row0 = Four<T>.Add(c.Row0, a.X, b),
        Row1 = Four<T>.Add(c.Row1, a.Y, b),
        Row2 = Four<T>.Add(c.Row2, a.Z, b),
        Row3 = Four<T>.Add(c.Row3, a.W, b),
    };

    /// <summary>The row with a number from 0 to 3, by selection: an array would live in local memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<T> Row(QuadTile<T> c, int row)
    {
        Four<T> upper = row == 0 ? c.Row0 : c.Row1, lower = row == 2 ? c.Row2 : c.Row3;
        return row < 2 ? upper : lower;
    }
}
