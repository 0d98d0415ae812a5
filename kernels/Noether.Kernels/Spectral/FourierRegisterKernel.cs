using System.Numerics;
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
    // Of 256 threads, so that loads are under way while others compute: 80 registers a thread, which float32 does not spill.
    private const int GroupsOfProcessor = 3;

    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, FourierSizes<T>, FourierStep, FourierConstants<T>> kernel =
        accelerator.LoadKernel<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, FourierSizes<T>, FourierStep, FourierConstants<T>>(
            Kernel, new KernelSpecialization(TNumber.Registers / 16, Interop.SizeOf<T>() == sizeof(float) ? GroupsOfProcessor : null));

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
        var planeRe = SharedMemory.Allocate<T>(TNumber.Registers / 16 * 17);
        var planeIm = SharedMemory.Allocate<T>(TNumber.Registers / 16 * 17);
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
            Start = isAcross ? line : line * (length + threads),
            Shift = isAcross ? step.Shift : 0,
            Padding = isAcross ? TNumber.Padding : 31,
        };

        // Threads without a line repeat the last one, and write nothing.
        var all = step.All(sizes);
        var begin = (long)Grid.IdxX * step.Lines;
        var isHere = begin + line < all;
        var place = FourierPlace.Of(isHere ? begin + line : all - 1, sizes.Inner, step.Others);
        var first = thread * step.Others + place.Other;
        var apart = threads * step.Others;
        var start = place.Start(sizes.Read, sizes.Inner);
        var inner = (int)sizes.Inner;
        var slots = registers.Slots;
        var isComplex = sizes.Kind == FourierKind.Complex;
        SixteenPairs<T> x;
        if (isComplex)
        {
            var from = start + first * inner;
            x = SixteenPairs<T>.Read(new DenseSlots<T> { Re = re.SubView(from, re.Length - from), Im = im.SubView(from, im.Length - from), Step = apart * inner });
        }
        else if (sizes.Kind == FourierKind.Real)
        {
            var from = start + 2 * first * inner;
            x = SixteenPairs<T>.Read(new DenseSlots<T> { Re = re.SubView(from, re.Length - from), Im = re.SubView(from + inner, re.Length - from - inner), Step = 2 * apart * inner });
        }
        else
        {
            // In fours, so that several loads are under way, and the code stays short.
            for (var row = 0; row < 16; row += 4)
            {
                var t = first + row * apart;
                var x0 = FourierOperands<T>.LoadHermitian(re, im, table, sizes, start, t);
                var x1 = FourierOperands<T>.LoadHermitian(re, im, table, sizes, start, t + apart);
                var x2 = FourierOperands<T>.LoadHermitian(re, im, table, sizes, start, t + 2 * apart);
                var x3 = FourierOperands<T>.LoadHermitian(re, im, table, sizes, start, t + 3 * apart);
                slots.Write(row, x0);
                slots.Write(row + 1, x1);
                slots.Write(row + 2, x2);
                slots.Write(row + 3, x3);
            }

            x = SixteenPairs<T>.Read(slots); // each thread its own
            Group.Barrier();
        }

        x = registers.Transform(x, constants);
        if (step.Others == 1 && isComplex)
        {
            if (!isHere) return;
            var to = start + first * inner;
            SixteenPairs<T>.Write(
                new DenseSlots<T> { Re = outRe.SubView(to, outRe.Length - to), Im = outIm.SubView(to, outIm.Length - to), Step = apart * inner },
                SixteenPairs<T>.Times(x, sizes.Scale));
            return;
        }

        start = place.Start(sizes.Written, sizes.Inner);
        if (step.Others == 1 && sizes.Kind == FourierKind.Hermitian)
        {
            if (!isHere) return;
            var to = start + 2 * first * inner;
            SixteenPairs<T>.Write(
                new DenseSlots<T> { Re = outRe.SubView(to + inner, outRe.Length - to - inner), Im = outRe.SubView(to, outRe.Length - to), Step = 2 * apart * inner },
                SixteenPairs<T>.Times(x, sizes.Scale)); // parts are still exchanged
            return;
        }

        SixteenPairs<T>.Write(slots, x);
        Group.Barrier();
        if (step.Others > 1)
        {
            var turn = sizes.Points / sizes.Length;
            if (inner > 1)
            {
                if (!isHere) return;
                var to = ((place.Outer * step.Others + place.Other) * length + thread) * sizes.Inner + place.Inner;
                for (var slot = 0; slot < 16; slot++, to += threads * sizes.Inner)
                {
                    var y = slots.Read(slot) * SplitRoots<T>.Of(table, turn * place.Other * (thread + slot * threads), sizes.Points);
                    outRe[to] = y.Re;
                    outIm[to] = y.Im;
                }

                return;
            }

            // The lines of a group lie one behind another now.
            var count = length * (begin + step.Lines <= all ? step.Lines : (int)(all - begin));
            var other = (int)(begin % step.Others);
            for (var i = Group.IdxX; i < count; i += Group.DimX)
            {
                var own = i / length;
                var k = i & (length - 1);
                var y = (registers with { Start = own }).At(k) * SplitRoots<T>.Of(table, turn * ((other + own) % step.Others) * k, sizes.Points);
                outRe[begin * length + i] = y.Re;
                outIm[begin * length + i] = y.Im;
            }

            return;
        }

        if (!isHere) return;
        for (var slot = 0; slot < 16; slot++)
        {
            var t = thread + slot * threads;
            FourierOperands<T>.StoreReal(slots.Read(slot), registers.At((length - t) & (length - 1)), outRe, outIm, table, sizes, start, t);
        }
    }
}
