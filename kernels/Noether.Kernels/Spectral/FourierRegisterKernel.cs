using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.Spectral;

/// <summary>Transforms of a power of two of points, sixteen to a thread.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TNumber">Its sizes.</typeparam>
/// <remarks>
/// Algorithm: <see cref="FourierRegisters{T}"/>: 4096 points are three passes with two exchanges through shared memory between. Real lines are packed and
///            taken apart on the way; for the latter the spectrum goes once more through shared memory, to its mirror images.
/// Layout:    [outer, n, inner], parts apart; shared memory holds planes of real and of imaginary parts, a word of padding every 32 (16 in float64).
///            A group takes several lines, neighbours along inner: then its lines, else the points of a line, are read by neighbouring threads.
/// Limit:     bandwidth: one read and one write of the data. Tables are read from the caches: a number for each that is turned.
/// Order:     fixed: equal bits on every run.
/// Reference: <see cref="FourierKernel{T, TNumber}.Reference"/>.
/// </remarks>
internal sealed class FourierRegisterKernel<T, TNumber>(Accelerator accelerator)
    where T : unmanaged, INumber<T>
    where TNumber : struct, IFourierNumber
{
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, FourierSizes<T>, FourierStep, FourierConstants<T>> kernel =
        accelerator.LoadKernel<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, FourierSizes<T>, FourierStep, FourierConstants<T>>(
            Kernel, new KernelSpecialization(TNumber.Registers / 16, null));

    /// <summary>Enqueues one step; its lines fill whole groups of n/16 threads each.</summary>
    public void Launch(
        AcceleratorStream stream, ArrayView<T> re, ArrayView<T> im, ArrayView<T> outRe, ArrayView<T> outIm, ArrayView<T> table, ArrayView<T> passes,
        in FourierSizes<T> sizes, in FourierStep step)
    {
        var groups = (step.All(sizes) + step.Lines - 1) / step.Lines;
        kernel(
            stream, Grids.Fixed(accelerator, nameof(FourierRegisterKernel<T, TNumber>), groups, step.Lines * (step.Length / 16)),
            re, im, outRe, outIm, table, passes, sizes, step, FourierConstants<T>.Values);
    }

    private static void Kernel(
        ArrayView<T> re, ArrayView<T> im, ArrayView<T> outRe, ArrayView<T> outIm, ArrayView<T> table, ArrayView<T> passes, FourierSizes<T> sizes,
        FourierStep step, FourierConstants<T> constants)
    {
        var planeRe = SharedMemory.Allocate<T>(TNumber.Registers + (TNumber.Registers >> TNumber.Padding));
        var planeIm = SharedMemory.Allocate<T>(TNumber.Registers + (TNumber.Registers >> TNumber.Padding));
        var length = step.Length;
        var threads = length >> 4;
        var isAcross = step.IsAcross(sizes);
        var line = isAcross ? Group.IdxX & (step.Lines - 1) : Group.IdxX / threads;
        var thread = isAcross ? Group.IdxX >> step.Shift : Group.IdxX & (threads - 1);
        var registers = new FourierRegisters<T>
        {
            Re = planeRe,
            Im = planeIm,
            Passes = passes,
            Length = length,
            Thread = thread,
            Start = isAcross ? line : line * length,
            Shift = isAcross ? step.Shift : 0,
            Padding = TNumber.Padding,
        };

        // Threads without a line repeat the last one, and write nothing.
        var all = step.All(sizes);
        var number = (long)Grid.IdxX * step.Lines + line;
        var isHere = number < all;
        var place = FourierPlace.Of(isHere ? number : all - 1, sizes.Inner, step.Others);
        var first = thread * step.Others + place.Other;
        var apart = threads * step.Others;
        var start = place.Start(sizes.Read, sizes.Inner);
        var dense = new DenseSlots<T> { Re = re, Im = im, At = start + first * sizes.Inner, Step = apart * sizes.Inner };
        SixteenPairs<T> x;
        if (sizes.Kind == FourierKind.Complex) x = SixteenPairs<T>.Read(dense);
        else if (sizes.Kind == FourierKind.Real) x = SixteenPairs<T>.Read(new RealSlots { Re = re, Sizes = sizes, Start = start, First = first, Apart = apart });
        else x = SixteenPairs<T>.Read(new HermitianSlots { Re = re, Im = im, Table = table, Sizes = sizes, Start = start, First = first, Apart = apart });
        var isInverse = sizes.Kind == FourierKind.Complex && sizes.Inverse != 0;
        if (isInverse) x = SixteenPairs<T>.Exchange(x);
        x = registers.Transform(x, constants);

        if (step.Others > 1)
        {
            var turn = sizes.Points / sizes.Length * place.Other;
            x = SixteenPairs<T>.Times(x, new SplitRoots<T> { Table = table, Points = sizes.Points, At = thread * turn, Step = threads * turn }, 0);
            if (isInverse) x = SixteenPairs<T>.Exchange(x);
            if (sizes.Inner > 1)
            {
                var at = ((place.Outer * step.Others + place.Other) * length + thread) * sizes.Inner + place.Inner;
                if (isHere) SixteenPairs<T>.Write(new DenseSlots<T> { Re = outRe, Im = outIm, At = at, Step = threads * sizes.Inner }, x);
                return;
            }

            // The lines of a group lie one behind another now.
            SixteenPairs<T>.Write(registers.Slots, x);
            Group.Barrier();
            var begin = (long)Grid.IdxX * step.Lines;
            var count = (begin + step.Lines <= all ? step.Lines : (int)(all - begin)) * length;
            for (var i = Group.IdxX; i < count; i += Group.DimX)
            {
                var own = i / length;
                var y = (registers with { Start = own }).At(i - own * length);
                outRe[begin * length + i] = y.Re;
                outIm[begin * length + i] = y.Im;
            }

            return;
        }

        if (sizes.Kind == FourierKind.Complex)
        {
            if (isInverse) x = SixteenPairs<T>.Exchange(x);
            if (isHere) SixteenPairs<T>.Write(dense with { Re = outRe, Im = outIm }, SixteenPairs<T>.Times(x, sizes.Scale));
            return;
        }

        start = place.Start(sizes.Written, sizes.Inner);
        if (sizes.Kind == FourierKind.Hermitian)
        {
            if (isHere) SixteenPairs<T>.Write(new RealSlots { Re = outRe, Sizes = sizes, Start = start, First = first, Apart = apart }, x);
            return;
        }

        SixteenPairs<T>.Write(registers.Slots, x);
        Group.Barrier();
        if (isHere)
            SixteenPairs<T>.Write(
                new HermitianSlots { Re = outRe, Im = outIm, Table = table, Sizes = sizes, Start = start, First = first, Apart = apart, Line = registers }, x);
    }

    // Pairs of real neighbours.
    private struct RealSlots : IPairReader<T>, IPairWriter<T>
    {
        public ArrayView<T> Re;
        public FourierSizes<T> Sizes;
        public long Start;
        public int First;
        public int Apart;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly Pair<T> Read(int slot) => FourierOperands<T>.LoadReal(Re, Sizes, Start, First + slot * Apart);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Write(int slot, Pair<T> x) => FourierOperands<T>.StorePair(x, Re, Sizes, Start, First + slot * Apart);
    }

    // Halves of spectra.
    private struct HermitianSlots : IPairReader<T>, IPairWriter<T>
    {
        public ArrayView<T> Re;
        public ArrayView<T> Im;
        public ArrayView<T> Table;
        public FourierSizes<T> Sizes;
        public FourierRegisters<T> Line;
        public long Start;
        public int First;
        public int Apart;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly Pair<T> Read(int slot) => FourierOperands<T>.LoadHermitian(Re, Im, Table, Sizes, Start, First + slot * Apart);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Write(int slot, Pair<T> x)
        {
            var t = First + slot * Apart;
            FourierOperands<T>.StoreReal(x, Line.At((Line.Length - t) & (Line.Length - 1)), Re, Im, Table, Sizes, Start, t);
        }
    }
}
