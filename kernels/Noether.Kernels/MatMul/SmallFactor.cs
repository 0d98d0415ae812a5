using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;
using Noether.Kernels.Copies;

namespace Noether.Kernels.MatMul;

/// <summary>How a group brings one factor of several small products to shared memory.</summary>
/// <remarks>
/// Threads take quads in the order [matrix, line, run], where runs follow one another in memory, so that matrices that lie behind one another are one
/// stretch of loads. The next quad of a thread is found by adding and carrying: dividing for each would be most of the kernel's instructions.
/// The tile lies [depth, matrix, line], like <see cref="FactorReader{T,TTile,TOrder,TEdges}"/>'s.
/// </remarks>
internal struct SmallFactor
{
    /// <summary>Matrices that a group has of this factor: 1 if all products share one.</summary>
    public int Matrices;

    /// <summary>Quads of lines of a matrix: rows of the left factor, columns of the right.</summary>
    public int Quads;

    /// <summary>Fours from one depth of the tile to the next: odd, so that quads along the depth are stored to other banks.</summary>
    public int Stride;

    private int isAlongDepth; // structs of kernels hold no bool
    private int isShared;
    private int runs; // quads side by side
    private int lines; // across them
    private int runStep; // from a quad of a thread to its next
    private int lineStep;
    private int matrixStep;

    /// <summary>Fours that a factor takes at each depth.</summary>
    public static int StrideOf(int matrices, int quads) => matrices * quads | 1;

    public static SmallFactor Of(bool isAlongDepth, bool isShared, int matrices, int quads, int depth, int threads)
    {
        var (runs, lines) = isAlongDepth ? (depth / 4, 4 * quads) : (quads, depth);
        return new()
        {
            Matrices = matrices,
            Quads = quads,
            Stride = StrideOf(matrices, quads),
            isAlongDepth = isAlongDepth ? 1 : 0,
            isShared = isShared ? 1 : 0,
            runs = runs,
            lines = lines,
            runStep = threads % runs,
            lineStep = threads / runs % lines,
            matrixStep = threads / runs / lines,
        };
    }

    /// <summary>Where a thread's quad of lines begins in the tile, in Fours.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int QuadOf(SmallFactor factor, int matrix, int quad) => (factor.isShared != 0 ? 0 : matrix * factor.Quads) + quad;

    /// <summary>Fills the tile with depths from <paramref name="begin"/> on; what lies outside the matrices is 0.</summary>
    /// <param name="factor">The factor.</param>
    /// <param name="memory">Its memory.</param>
    /// <param name="batch">Where its matrices begin.</param>
    /// <param name="lineStride">Elements from one line to the next.</param>
    /// <param name="depthStride">Elements from one depth to the next.</param>
    /// <param name="lineCount">Lines of a matrix.</param>
    /// <param name="first">The group's first matrix.</param>
    /// <param name="count">Matrices of the batch.</param>
    /// <param name="begin">The first depth.</param>
    /// <param name="end">The depth to stop at.</param>
    /// <param name="shared">Shared memory.</param>
    /// <param name="tile">Where the tile begins in it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stage<T>(
        SmallFactor factor, ArrayView<T> memory, IndexMap batch, long lineStride, long depthStride, int lineCount, int first, int count, int begin, int end,
        ArrayView<Four<T>> shared, int tile)
        where T : unmanaged, INumber<T>
    {
        var isAlong = factor.isAlongDepth != 0;
        long runStride = isAlong ? depthStride : lineStride, acrossStride = isAlong ? lineStride : depthStride;
        int runEnd = isAlong ? end - begin : lineCount, lineEnd = isAlong ? lineCount : end - begin;
        var place = (uint)Group.IdxX / (uint)factor.runs;
        var run = Group.IdxX - (int)place * factor.runs;
        var matrix = (int)(place / (uint)factor.lines);
        var line = (int)place - matrix * factor.lines;
        while (matrix < factor.Matrices)
        {
            var number = factor.isShared != 0 ? 0 : first + matrix;
            var isInside = (uint)number < (uint)count && line < lineEnd;
            var at = batch.At(number) + begin * depthStride + line * acrossStride + 4 * run * runStride;
            var x = Quad(memory, at, runStride, isInside ? runEnd - 4 * run : 0);
            if (isAlong)
            {
                var flat = shared.Cast<T>();
                var to = (tile + 4 * run * factor.Stride + matrix * factor.Quads) * 4 + line;
                flat[to] = x.X;
                flat[to + 4 * factor.Stride] = x.Y;
                flat[to + 8 * factor.Stride] = x.Z;
                flat[to + 12 * factor.Stride] = x.W;
            }
            else
            {
                shared[tile + line * factor.Stride + matrix * factor.Quads + run] = x;
            }

            run += factor.runStep;
            line += factor.lineStep;
            matrix += factor.matrixStep;
            if (run >= factor.runs)
            {
                run -= factor.runs;
                line++;
            }

            if (line >= factor.lines)
            {
                line -= factor.lines;
                matrix++;
            }
        }
    }

    // One load where four neighbours are there and aligned.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Four<T> Quad<T>(ArrayView<T> memory, long at, long stride, int count)
        where T : unmanaged, INumber<T>
    {
        if (count > 3 && stride == 1 && at % 4 == 0) return Fours.Of(memory)[at / 4];
        return new()
        {
            X = count > 0 ? memory[at] : T.Zero,
            Y = count > 1 ? memory[at + stride] : T.Zero,
            Z = count > 2 ? memory[at + 2 * stride] : T.Zero,
            W = count > 3 ? memory[at + 3 * stride] : T.Zero,
        };
    }
}
