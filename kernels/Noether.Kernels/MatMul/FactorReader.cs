using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;

namespace Noether.Kernels.MatMul;

/// <summary>Reads a factor that is a matrix with any strides.</summary>
/// <remarks>
/// The tile lies [depth, line], <see cref="Stride"/> elements from one depth to the next. A quad is one load where the factor's layout and the matrix's
/// edges allow it, else four guarded ones, 0 outside. Across lines it is one store, along the depth four: threads of a warp that share a depth
/// write neighbours, and the padding moves other depths by half the banks.
/// </remarks>
internal struct FactorReader<T, TTile, TOrder, TEdges> : ITileReader<T, FactorReader<T, TTile, TOrder, TEdges>>
    where T : unmanaged, INumber<T>
    where TTile : struct, IProductTile
    where TOrder : struct, IFactorOrder
    where TEdges : struct, IProductEdges
{
    private ArrayView<T> memory;
    private long at; // of the first quad in the next step
    private long lineStride;
    private long depthStride;
    private int line; // of the first quad
    private int lines;
    private int depth;
    private int end;
    private int vectors; // 1 if quads inside the matrix are one aligned load: structs of kernels hold no bool

    /// <summary>Lines of a tile.</summary>
    public static int Lines => 4 * TTile.Side * TTile.Quads;

    /// <summary>Fours from one depth of a tile to the next.</summary>
    public static int Stride => Lines / 4 + 1;

    private static int Threads => TTile.Side * TTile.Side;

    private static int QuadsAcross => TOrder.IsAlongDepth ? TTile.Step / 4 : Lines / 4;

    /// <summary>Quads of a thread: 1 or 2.</summary>
    private static int Loads => Lines * TTile.Step / 4 / Threads;

    // From a thread's first quad to its second.
    private static int LineShift => TOrder.IsAlongDepth ? Threads / QuadsAcross : 0;

    private static int DepthShift => TOrder.IsAlongDepth ? 0 : Threads / QuadsAcross;

    /// <summary>The reader of a tile.</summary>
    /// <param name="memory">The factor's memory.</param>
    /// <param name="start">Where the matrix begins.</param>
    /// <param name="lineStride">Elements from one line to the next.</param>
    /// <param name="depthStride">Elements from one depth to the next.</param>
    /// <param name="firstLine">The tile's first line.</param>
    /// <param name="lines">Lines of the matrix.</param>
    /// <param name="begin">The first depth, a multiple of 4.</param>
    /// <param name="end">The depth to stop at.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FactorReader<T, TTile, TOrder, TEdges> Of(
        ArrayView<T> memory, long start, long lineStride, long depthStride, int firstLine, int lines, int begin, int end)
    {
        var quad = Group.IdxX % QuadsAcross * 4;
        var place = Group.IdxX / QuadsAcross;
        var line = firstLine + (TOrder.IsAlongDepth ? place : quad);
        var depth = begin + (TOrder.IsAlongDepth ? quad : place);
        var (unit, other) = TOrder.IsAlongDepth ? (depthStride, lineStride) : (lineStride, depthStride);
        return new()
        {
            memory = memory,
            at = start + line * lineStride + depth * depthStride,
            lineStride = lineStride,
            depthStride = depthStride,
            line = line,
            lines = lines,
            depth = depth,
            end = end,
            vectors = unit == 1 && other % 4 == 0 && start % 4 == 0 ? 1 : 0,
        };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly FactorQuads<T> Read() => new()
    {
        First = Quad(at, line, depth),
        Second = Loads == 2 ? Quad(at + LineShift * lineStride + DepthShift * depthStride, line + LineShift, depth + DepthShift) : default,
    };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FactorReader<T, TTile, TOrder, TEdges> Advance(FactorReader<T, TTile, TOrder, TEdges> reader)
    {
        // Elements along the depth lie side by side where no bound is checked: a constant step.
        reader.at += TOrder.IsAlongDepth && !TEdges.AreGuarded ? TTile.Step : TTile.Step * reader.depthStride;
        reader.depth += TTile.Step;
        return reader;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(ArrayView<Four<T>> shared, int tile, FactorQuads<T> quads)
    {
        var quad = Group.IdxX % QuadsAcross;
        var place = Group.IdxX / QuadsAcross;
        Write(shared, tile, quads.First, quad, place);
        if (Loads == 2) Write(shared, tile, quads.Second, quad, place + Threads / QuadsAcross);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(ArrayView<Four<T>> shared, int tile, Four<T> x, int quad, int place)
    {
        if (!TOrder.IsAlongDepth)
        {
            shared[tile + place * Stride + quad] = x;
            return;
        }

        var flat = shared.Cast<T>();
        var to = (tile + quad * 4 * Stride) * 4 + place;
        flat[to] = x.X;
        flat[to + 4 * Stride] = x.Y;
        flat[to + 8 * Stride] = x.Z;
        flat[to + 12 * Stride] = x.W;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly Four<T> Quad(long start, int first, int k)
    {
        if (!TEdges.AreGuarded) return Fours.Of(memory)[start / 4];
        var isInside = TOrder.IsAlongDepth ? first < lines && k + 3 < end : first + 3 < lines && k < end;
        if (vectors != 0 && isInside) return Fours.Of(memory)[start / 4];
        var stride = TOrder.IsAlongDepth ? depthStride : lineStride;
        return new()
        {
            X = Element(start, first, k, 0),
            Y = Element(start + stride, first, k, 1),
            Z = Element(start + 2 * stride, first, k, 2),
            W = Element(start + 3 * stride, first, k, 3),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly T Element(long place, int first, int k, int i)
    {
        var isInside = TOrder.IsAlongDepth ? first < lines && k + i < end : first + i < lines && k < end;
        return isInside ? memory[place] : T.Zero;
    }
}
