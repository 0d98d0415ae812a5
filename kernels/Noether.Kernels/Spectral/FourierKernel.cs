using System.Numerics;
using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.Spectral;

/// <summary>Discrete Fourier transforms along one axis: complex, of real numbers, and to real numbers; real and imaginary parts apart.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TNumber">Its sizes.</typeparam>
/// <remarks>
/// Algorithm: powers of two from 64 to 4096 (2048 in float64) in registers (<see cref="FourierRegisterKernel{T, TNumber}"/>), other products of primes up
///            to 13 in shared memory (<see cref="FourierSharedKernel{T, TNumber}"/>). What is longer, or strided so that a group would read single numbers,
///            is split as N1·N2 (<see cref="FourierStep"/>). A larger prime factor sends all points through Bluestein's convolution. An even number of
///            real points is a complex transform of half of them, packed and taken apart while loading and storing; an odd number one of all, but for
///            primes that fit in registers (<see cref="FourierPrimeKernel{T, TNumber}"/>): half the arithmetic. All real lines move half the bytes, which are
///            what limits them; an odd length with a prime factor above 13 that is no prime itself pays a whole convolution's arithmetic.
/// Layout:    [outer, n, inner] dense, parts apart. Results may overwrite operands. An inverse transform of
///            complex numbers is the forward one between two exchanges of parts, which costs the caller nothing.
/// Limit:     bandwidth. Reads and writes of the data, one each for lines that a group holds; two for a split line, which passes for one factor each
///            would move log₄ n times; three for real ones, and for more than a million points. A convolution moves its 2n to 4n points once in all if
///            a group holds them, else seven times.
/// Order:     fixed: equal bits on every run.
/// Reference: <see cref="Reference"/>.
/// </remarks>
public sealed class FourierKernel<T, TNumber>(Accelerator accelerator)
    where T : unmanaged, INumber<T>
    where TNumber : struct, IFourierNumber
{
    private const int ManyGroups = 264; // two for each processor of a large GPU
    private const int FewThreads = 64; // a group is not made smaller to have more of them
    private const int Neighbours = 8; // along inner, for whole sectors of memory
    private const int LeastNeighbours = 4;

    private readonly Lazy<FourierRegisterKernel<T, TNumber>> inRegisters = new(() => new(accelerator));
    private readonly Lazy<FourierSharedKernel<T, TNumber>> inShared = new(() => new(accelerator));
    private readonly Lazy<FourierChirpKernel<T, TNumber>> byChirp = new(() => new(accelerator));
    private readonly Lazy<FourierPrimeKernel<T, TNumber>> byPowers = new(() => new(accelerator));
    private readonly Lazy<FourierScratchKernel<T>> around = new(() => new(accelerator));
    private readonly int registers = Math.Min(TNumber.Registers, 16 * accelerator.MaxNumThreadsPerGroup);

    /// <summary>Elements of each of the two parts of scratch that <see cref="Launch"/> needs.</summary>
    public long Scratch(in FourierSizes<T> sizes)
    {
        var length = sizes.Length;
        if (!FourierTables.IsSmooth(length))
        {
            if (IsByPowers(sizes)) return 0;
            var padded = FourierTables.Padded(length);
            return padded <= registers ? 0 : sizes.Lines * padded + Scratch(Convolution(sizes, padded));
        }

        return IsWhole(length, sizes.Inner) ? 0 : sizes.Lines * length + Scratch(Second(sizes, Split(length, sizes.Inner)));
    }

    /// <summary>Enqueues the transforms.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="re">Real parts of the operand.</param>
    /// <param name="im">Its imaginary parts; any view where it is real.</param>
    /// <param name="outRe">Real parts of the result; overwritten.</param>
    /// <param name="outIm">Its imaginary parts; any view where it is real.</param>
    /// <param name="tables">Gives the tables.</param>
    /// <param name="sizes">Sizes, kind, factor.</param>
    /// <param name="scratchRe">At least <see cref="Scratch"/> elements.</param>
    /// <param name="scratchIm">As many again.</param>
    public void Launch(
        AcceleratorStream stream, ArrayView<T> re, ArrayView<T> im, ArrayView<T> outRe, ArrayView<T> outIm, IFourierTables<T> tables, in FourierSizes<T> sizes,
        ArrayView<T> scratchRe = default, ArrayView<T> scratchIm = default)
    {
        if (sizes.Lines == 0) return;
        var scaled = sizes;
        if (sizes.Kind == FourierKind.Real && sizes.IsHalved) scaled.Scale /= T.One + T.One;
        Run(stream, re, im, outRe, outIm, tables, scaled, scratchRe, scratchIm);
    }

    /// <summary>One complex transform by its definition.</summary>
    public static (double[] Re, double[] Im) Reference(ReadOnlySpan<double> re, ReadOnlySpan<double> im, bool inverse)
    {
        double[] outRe = new double[re.Length], outIm = new double[re.Length];
        for (var k = 0; k < re.Length; k++)
        {
            for (var t = 0; t < re.Length; t++)
            {
                var (cos, sin) = UnitRoot.At((long)k * t, re.Length);
                if (!inverse) sin = -sin;
                outRe[k] += re[t] * cos - im[t] * sin;
                outIm[k] += re[t] * sin + im[t] * cos;
            }
        }

        return (outRe, outIm);
    }

    private void Run(
        AcceleratorStream stream, ArrayView<T> re, ArrayView<T> im, ArrayView<T> outRe, ArrayView<T> outIm, IFourierTables<T> tables,
        in FourierSizes<T> sizes, ArrayView<T> scratchRe, ArrayView<T> scratchIm)
    {
        var length = sizes.Length;
        if (IsByPowers(sizes))
        {
            var pairs = FourierTables.PaddedPairs(length);
            byPowers.Value.Launch(
                stream, re, im, outRe, outIm, tables.Get(FourierTable.Passes, pairs), tables.Get(FourierTable.Convolution, length), tables.Order(length),
                sizes, Grouped(new() { Length = pairs, Others = 1 }, sizes.Lines, sizes.Inner > 1));
            return;
        }

        var table = tables.Get(FourierTable.Roots, sizes.Points);
        if (!FourierTables.IsSmooth(length))
        {
            Convolve(stream, re, im, outRe, outIm, tables, sizes, scratchRe, scratchIm);
            return;
        }

        if (IsWhole(length, sizes.Inner))
        {
            Step(stream, re, im, outRe, outIm, tables, sizes, length, 1);
            return;
        }

        var here = sizes.Lines * length;
        var first = Split(length, sizes.Inner);
        Step(stream, re, im, scratchRe, scratchIm, tables, sizes, first, length / first);
        var isComplex = sizes.Kind == FourierKind.Complex;
        Run(
            stream, scratchRe, scratchIm, isComplex ? outRe : scratchRe, isComplex ? outIm : scratchIm, tables, Second(sizes, first),
            Behind(scratchRe, here), Behind(scratchIm, here));
        if (!isComplex) around.Value.Store(stream, scratchRe, scratchIm, outRe, outIm, table, table, sizes, length);
    }

    private void Step(
        AcceleratorStream stream, ArrayView<T> re, ArrayView<T> im, ArrayView<T> outRe, ArrayView<T> outIm, IFourierTables<T> tables,
        in FourierSizes<T> sizes, int length, int others)
    {
        var step = new FourierStep { Length = length, Others = others };
        var all = step.All(sizes);
        var isAcross = step.IsAcross(sizes);
        var table = tables.Get(FourierTable.Roots, sizes.Points);
        if (IsInRegisters(length, sizes.Inner * others))
        {
            inRegisters.Value.Launch(stream, re, im, outRe, outIm, table, tables.Get(FourierTable.Passes, length), sizes, Grouped(step, all, isAcross));
            return;
        }

        var least = Math.Max(Grids.MaxThreads / length, isAcross ? Neighbours : 1);
        step.Lines = (int)Math.Min(all, Math.Max(1, Math.Min(TNumber.Capacity / length, Math.Max(least, all / ManyGroups))));
        inShared.Value.Launch(stream, re, im, outRe, outIm, table, length == sizes.Points ? table : tables.Get(FourierTable.Roots, length), sizes, step);
    }

    private void Convolve(
        AcceleratorStream stream, ArrayView<T> re, ArrayView<T> im, ArrayView<T> outRe, ArrayView<T> outIm, IFourierTables<T> tables,
        in FourierSizes<T> sizes, ArrayView<T> scratchRe, ArrayView<T> scratchIm)
    {
        var padded = FourierTables.Padded(sizes.Length);
        ArrayView<T> table = tables.Get(FourierTable.Roots, sizes.Points), chirp = tables.Get(FourierTable.Chirp, sizes.Length);
        if (padded <= registers)
        {
            var step = Grouped(new() { Length = padded, Others = 1 }, sizes.Lines, sizes.Inner > 1);
            byChirp.Value.Launch(stream, re, im, outRe, outIm, table, tables.Get(FourierTable.Passes, padded), chirp, sizes, step);
            return;
        }

        var here = sizes.Lines * padded;
        ArrayView<T> restRe = Behind(scratchRe, here), restIm = Behind(scratchIm, here);
        var convolution = Convolution(sizes, padded);
        around.Value.Load(stream, re, im, scratchRe, scratchIm, table, chirp, sizes, padded);
        Run(stream, scratchRe, scratchIm, scratchRe, scratchIm, tables, convolution, restRe, restIm);
        around.Value.Filter(stream, scratchRe, scratchIm, chirp, sizes, padded);
        Run(stream, scratchRe, scratchIm, scratchRe, scratchIm, tables, convolution, restRe, restIm);
        around.Value.Store(stream, scratchRe, scratchIm, outRe, outIm, table, chirp, sizes, padded);
    }

    // Full groups where there are lines enough for all processors.
    private FourierStep Grouped(FourierStep step, long all, bool isAcross)
    {
        var threads = step.Length / 16;
        var lines = Math.Max(1, Math.Min(Grids.Threads(accelerator), registers / 16) / threads);
        var least = isAcross ? Neighbours : 1;
        while (lines > least && lines * threads > FewThreads && (all + lines - 1) / lines < ManyGroups) lines /= 2;
        while (lines > 1 && lines / 2 >= all) lines /= 2;
        return step with { Lines = lines, Shift = BitOperations.Log2((uint)lines) };
    }

    // Distances are of 32 bits there, and of twice as many real numbers.
    private bool IsInRegisters(int length, long apart) =>
        BitOperations.IsPow2(length) && length >= FourierTables.LeastInRegisters && length <= registers && 2 * length * apart <= int.MaxValue;

    private int Capacity(int length, long apart) => IsInRegisters(length, apart) ? registers : TNumber.Capacity;

    private bool IsWhole(int length, long inner) => length <= (inner > 1 ? Capacity(length, inner) / LeastNeighbours : Capacity(length, inner));

    // N1: the largest divisor up to the root of the length that a group can take across.
    private int Split(int length, long inner)
    {
        var best = 1;
        for (var divisor = 2; (long)divisor * divisor <= length; divisor++)
            if (length % divisor == 0 && divisor <= Capacity(divisor, length / divisor * inner) / LeastNeighbours) best = divisor;
        return best;
    }

    // ILGPU has no empty view at the end of another.
    private static ArrayView<T> Behind(ArrayView<T> scratch, long start) => start < scratch.Length ? scratch.SubView(start, scratch.Length - start) : default;

    private bool IsByPowers(in FourierSizes<T> sizes) =>
        sizes.Kind != FourierKind.Complex && sizes.Points > FourierTables.LargestPrime && FourierTables.PaddedPairs(sizes.Points) <= registers && IsPrime(sizes.Points);

    private static bool IsPrime(int length)
    {
        if (length % 2 == 0) return false;
        for (var factor = 3; (long)factor * factor <= length; factor += 2)
            if (length % factor == 0) return false;
        return true;
    }

    private static FourierSizes<T> Second(in FourierSizes<T> sizes, int first) => new()
    {
        Scale = sizes.Kind == FourierKind.Complex ? sizes.Scale : T.One,
        Lines = sizes.Lines * first,
        Inner = sizes.Inner * first,
        Points = sizes.Length / first,
        Kind = FourierKind.Complex,
    };

    private static FourierSizes<T> Convolution(in FourierSizes<T> sizes, int padded) =>
        new() { Scale = T.One, Lines = sizes.Lines, Inner = sizes.Inner, Points = padded, Kind = FourierKind.Complex };
}
