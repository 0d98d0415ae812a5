using System.Numerics;
using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.Spectral;

/// <summary>Discrete Fourier transforms along one axis: complex, of real numbers, and to real numbers; real and imaginary parts apart.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TNumber">Its sizes.</typeparam>
/// <remarks>
/// Algorithm: Stockham's passes (radix 4, 2, then odd primes) between two halves of shared memory; a group takes one line, or several short ones. An
///            even number of real points is a complex transform of half of them, packed and taken apart while loading and storing.
///            Lines beyond shared memory take the same passes in global memory, a launch each. A prime factor p costs p operations a point.
/// Layout:    [outer, n, inner] dense, parts apart; a group's lines are neighbours along inner. Results may overwrite operands.
///            Table: cosines, then sines, of 2πk/n for k below n.
/// Limit:     bandwidth: one read and one write of the data (in global memory one more each for every factor).
/// Order:     fixed: equal bits on every run.
/// Reference: <see cref="Reference"/>.
/// </remarks>
public sealed class FourierKernel<T, TNumber>(Accelerator accelerator)
    where T : unmanaged, INumber<T>
    where TNumber : struct, IFourierNumber
{
    private const int ManyGroups = 264; // two for each processor of a large GPU
    private const int Neighbours = 8; // along inner, for whole sectors of memory

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, FourierSizes<T>, int>> shared =
        new(() => accelerator.LoadKernel<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, FourierSizes<T>, int>(SharedKernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, FourierSizes<T>>> load =
        new(() => accelerator.LoadKernel<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, FourierSizes<T>>(LoadKernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>, ArrayView<T>, FourierSizes<T>, int, int, int>> pass =
        new(() => accelerator.LoadKernel<ArrayView<T>, ArrayView<T>, ArrayView<T>, FourierSizes<T>, int, int, int>(PassKernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, FourierSizes<T>, int>> store =
        new(() => accelerator.LoadKernel<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, FourierSizes<T>, int>(StoreKernel, Grids.Specialization(accelerator)));

    /// <summary>Elements of each of the two parts of scratch that <see cref="Launch"/> needs; 0 where lines fit in shared memory.</summary>
    public static long Scratch(in FourierSizes<T> sizes) => sizes.Length <= TNumber.Capacity ? 0 : 2 * sizes.Lines * sizes.Length;

    /// <summary>Enqueues the transforms.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="re">Real parts of the operand.</param>
    /// <param name="im">Its imaginary parts; any view where it is real.</param>
    /// <param name="outRe">Real parts of the result; overwritten.</param>
    /// <param name="outIm">Its imaginary parts; any view where it is real.</param>
    /// <param name="table">2n roots.</param>
    /// <param name="sizes">Sizes, kind, factor.</param>
    /// <param name="scratchRe">At least <see cref="Scratch"/> elements.</param>
    /// <param name="scratchIm">As many again.</param>
    public void Launch(
        AcceleratorStream stream, ArrayView<T> re, ArrayView<T> im, ArrayView<T> outRe, ArrayView<T> outIm, ArrayView<T> table, in FourierSizes<T> sizes,
        ArrayView<T> scratchRe = default, ArrayView<T> scratchIm = default)
    {
        if (sizes.Lines == 0) return;
        var length = sizes.Length;
        if (length <= TNumber.Capacity)
        {
            var least = Math.Max(Grids.MaxThreads / length, sizes.Inner > 1 ? Neighbours : 1);
            var lines = (int)Math.Min(sizes.Lines, Math.Max(1, Math.Min(TNumber.Capacity / length, Math.Max(least, sizes.Lines / ManyGroups))));
            shared.Value(stream, Grids.GroupEach(accelerator, (sizes.Lines + lines - 1) / lines), re, im, outRe, outIm, table, sizes, lines);
            return;
        }

        load.Value(stream, Grids.Over(accelerator, sizes.Lines * length), re, im, scratchRe, scratchIm, table, sizes);
        var half = 0;
        for (var done = 1; done < length; half = 1 - half)
        {
            var radix = FourierPass<T>.Radix(length / done);
            pass.Value(stream, Grids.Over(accelerator, sizes.Lines * (length / radix)), scratchRe, scratchIm, table, sizes, radix, done, half);
            done *= radix;
        }

        store.Value(stream, Grids.Over(accelerator, sizes.Lines * length), scratchRe, scratchIm, outRe, outIm, table, sizes, half);
    }

    /// <summary>One complex transform by its definition.</summary>
    public static (double[] Re, double[] Im) Reference(ReadOnlySpan<double> re, ReadOnlySpan<double> im, bool inverse)
    {
        double[] outRe = new double[re.Length], outIm = new double[re.Length];
        for (var k = 0; k < re.Length; k++)
        {
            for (var t = 0; t < re.Length; t++)
            {
                var (sin, cos) = Math.SinCos(2 * Math.PI * ((long)k * t % re.Length) / re.Length * (inverse ? 1 : -1));
                outRe[k] += re[t] * cos - im[t] * sin;
                outIm[k] += re[t] * sin + im[t] * cos;
            }
        }

        return (outRe, outIm);
    }

    private static void SharedKernel(
        ArrayView<T> re, ArrayView<T> im, ArrayView<T> outRe, ArrayView<T> outIm, ArrayView<T> table, FourierSizes<T> sizes, int lines)
    {
        var lineRe = SharedMemory.Allocate<T>(2 * TNumber.Capacity);
        var lineIm = SharedMemory.Allocate<T>(2 * TNumber.Capacity);
        var length = sizes.Length;
        var first = (long)Grid.IdxX * lines;
        var here = first + lines <= sizes.Lines ? lines : (int)(sizes.Lines - first);

        // Neighbouring threads read neighbouring elements: along the line, or across lines where others lie between.
        for (var i = Group.IdxX; i < here * length; i += Group.DimX)
        {
            var line = sizes.Inner > 1 ? i % here : i / length;
            var t = sizes.Inner > 1 ? i / here : i % length;
            var x = FourierOperands<T>.Load(re, im, table, sizes, first + line, t);
            lineRe[line * length + t] = x.Re;
            lineIm[line * length + t] = x.Im;
        }

        Group.Barrier();
        var from = 0;
        var done = 1;
        while (done < length)
        {
            var radix = FourierPass<T>.Radix(length / done);
            var butterflies = length / radix;
            for (var i = Group.IdxX; i < here * butterflies; i += Group.DimX)
            {
                var line = i / butterflies;
                FourierPass<T>.Butterfly(
                    lineRe, lineIm, from + line * length, TNumber.Capacity - from + line * length, length, radix, done, i - line * butterflies, table, sizes.Points);
            }

            Group.Barrier();
            from = TNumber.Capacity - from;
            done *= radix;
        }

        for (var i = Group.IdxX; i < here * length; i += Group.DimX)
        {
            var line = sizes.Inner > 1 ? i % here : i / length;
            var t = sizes.Inner > 1 ? i / here : i % length;
            FourierOperands<T>.Store(lineRe, lineIm, from + line * length, outRe, outIm, table, sizes, first + line, t);
        }
    }

    private static void LoadKernel(ArrayView<T> re, ArrayView<T> im, ArrayView<T> scratchRe, ArrayView<T> scratchIm, ArrayView<T> table, FourierSizes<T> sizes)
    {
        var length = sizes.Length;
        var index = Grids.Thread;
        if (index >= sizes.Lines * length) return;
        var line = index / length;
        var x = FourierOperands<T>.Load(re, im, table, sizes, line, (int)(index - line * length));
        scratchRe[index] = x.Re;
        scratchIm[index] = x.Im;
    }

    private static void PassKernel(ArrayView<T> scratchRe, ArrayView<T> scratchIm, ArrayView<T> table, FourierSizes<T> sizes, int radix, int done, int half)
    {
        var length = sizes.Length;
        var butterflies = length / radix;
        var index = Grids.Thread;
        if (index >= sizes.Lines * butterflies) return;
        var line = index / butterflies;
        var all = sizes.Lines * length;
        FourierPass<T>.Butterfly(
            scratchRe, scratchIm, half * all + line * length, (1 - half) * all + line * length, length, radix, done, (int)(index - line * butterflies), table, sizes.Points);
    }

    private static void StoreKernel(
        ArrayView<T> scratchRe, ArrayView<T> scratchIm, ArrayView<T> outRe, ArrayView<T> outIm, ArrayView<T> table, FourierSizes<T> sizes, int half)
    {
        var length = sizes.Length;
        var index = Grids.Thread;
        if (index >= sizes.Lines * length) return;
        var line = index / length;
        FourierOperands<T>.Store(
            scratchRe, scratchIm, half * sizes.Lines * length + line * length, outRe, outIm, table, sizes, line, (int)(index - line * length));
    }
}
