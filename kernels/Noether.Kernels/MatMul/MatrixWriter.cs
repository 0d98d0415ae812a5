using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;

namespace Noether.Kernels.MatMul;

/// <summary>Writes a product to a dense matrix, or adds it.</summary>
internal struct MatrixWriter<T, TEdges> : ISquareWriter<T>, IRowWriter<T>
    where T : unmanaged, INumber<T>
    where TEdges : struct, IProductEdges
{
    public ArrayView<T> Output;
    public long Start; // of the matrix
    public ProductSizes Sizes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Write(QuadTile<T> c, int row, int column)
    {
        Write(c.Row0, row, column);
        Write(c.Row1, row + 1, column);
        Write(c.Row2, row + 2, column);
        Write(c.Row3, row + 3, column);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Write(Four<T> x, int row, int column)
    {
        if (TEdges.AreGuarded && row >= Sizes.Rows) return;
        var at = Start + (long)row * Sizes.Columns + column;
        if (!TEdges.AreGuarded || (column + 3 < Sizes.Columns && Sizes.Columns % 4 == 0 && Start % 4 == 0))
        {
            var quads = Fours.Of(Output);
            quads[at / 4] = Sizes.Adds != 0 ? Four<T>.Add(quads[at / 4], T.One, x) : x;
            return;
        }

        Write(x.X, at, column);
        Write(x.Y, at + 1, column + 1);
        Write(x.Z, at + 2, column + 2);
        Write(x.W, at + 3, column + 3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Write(T x, long at, int column)
    {
        if (column < Sizes.Columns) Output[at] = Sizes.Adds != 0 ? Output[at] + x : x;
    }
}
