using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;
using Noether.Kernels.MatMul;

namespace Noether.Kernels.Convolutions;

/// <summary>
/// The matrix of windows [channels and kernel points, images and output points], which is never stored: a thread gathers four neighbouring columns of one row
/// for each of its quads, in the tile layout of a right factor read across its lines.
/// </summary>
internal struct WindowReader<T, TTile> : ITileReader<T, WindowReader<T, TTile>>
    where T : unmanaged, INumber<T>
    where TTile : struct, IProductTile
{
    private ArrayView<T> memory;
    private ConvolutionSizes sizes;
    private WindowPoint first, second, third, fourth; // of both quads: the second lies further down
    private int row;
    private int end;

    private static int QuadsAcross => TTile.Side * TTile.Quads;

    private static int Threads => TTile.Side * TTile.Side;

    private static int Loads => 4 * QuadsAcross * TTile.Step / 4 / Threads;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WindowReader<T, TTile> Of(ArrayView<T> memory, ConvolutionSizes sizes, int group, int column, int begin, int end)
    {
        column += Group.IdxX % QuadsAcross * 4;
        return new()
        {
            memory = memory,
            sizes = sizes,
            first = WindowPoint.Of(sizes, group, column),
            second = WindowPoint.Of(sizes, group, column + 1),
            third = WindowPoint.Of(sizes, group, column + 2),
            fourth = WindowPoint.Of(sizes, group, column + 3),
            row = begin + Group.IdxX / QuadsAcross,
            end = end,
        };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly FactorQuads<T> Read() => new()
    {
        First = Quad(row),
        Second = Loads == 2 ? Quad(row + Threads / QuadsAcross) : default,
    };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WindowReader<T, TTile> Advance(WindowReader<T, TTile> reader)
    {
        reader.row += TTile.Step;
        return reader;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(ArrayView<Four<T>> shared, int tile, FactorQuads<T> quads) =>
        FactorReader<T, TTile, AcrossLines, AnyTiles>.Write(shared, tile, quads);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly Four<T> Quad(int index)
    {
        if (index >= end) return default;
        var term = WindowTerm.Of(sizes, index);
        return new()
        {
            X = WindowPoint.Read(first, memory, sizes, term),
            Y = WindowPoint.Read(second, memory, sizes, term),
            Z = WindowPoint.Read(third, memory, sizes, term),
            W = WindowPoint.Read(fourth, memory, sizes, term),
        };
    }
}
