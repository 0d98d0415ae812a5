using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.Spectral;

/// <summary>Transforms between a prime number n of real points and their coefficients, as one real convolution in the registers of a group.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TNumber">Its sizes.</typeparam>
/// <remarks>
/// Algorithm: Rader (1968). With g a primitive root, a[p] = x[g^p] and b[q] = e^(-2πi g^-q/n): X[g^-q] = x[0] + Σ_p a[p] b[q - p]. As g^h = -1 for
///            h = (n - 1)/2, Re b has period h and Im b changes sign after h: the convolution s of a with Re b + Im b holds the real part as
///            (s[q] + s[q + h])/2 and the imaginary one as (s[q] - s[q + h])/2. Back it is x[g^-p] = X[0] + Σ_q u[q] (Re b + Im b)[p - q], u[q] the sum of
///            the parts of X[g^q]. Two neighbours of a make one complex number; a product of real spectra is then A·Z[k] + B·conj Z[m - k] of these.
/// Layout:    as <see cref="FourierRegisterKernel{T, TNumber}"/>; points go in and out in order and change places in shared memory.
/// Limit:     arithmetic: 10 m log₂ m operations, m the power of two from n - 3/2 on: half of <see cref="FourierChirpKernel{T, TNumber}"/>'s, for twice as
///            long lines. One read and one write of the data.
/// Order:     fixed: equal bits on every run.
/// Reference: <see cref="FourierKernel{T, TNumber}.Reference"/>.
/// </remarks>
internal sealed class FourierPrimeKernel<T, TNumber>(Accelerator accelerator)
    where T : unmanaged, INumber<T>
    where TNumber : struct, IFourierNumber
{
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<int>, FourierSizes<T>, FourierStep, FourierConstants<T>> kernel =
        accelerator.LoadKernel<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<int>, FourierSizes<T>, FourierStep, FourierConstants<T>>(
            Kernel, new KernelSpecialization(TNumber.Registers / 16, null));

    /// <summary>Enqueues the transforms; <paramref name="step"/> has half the length of the convolution.</summary>
    public void Launch(
        AcceleratorStream stream, ArrayView<T> re, ArrayView<T> im, ArrayView<T> outRe, ArrayView<T> outIm, ArrayView<T> passes, ArrayView<T> filter,
        ArrayView<int> order, in FourierSizes<T> sizes, in FourierStep step)
    {
        var groups = (sizes.Lines + step.Lines - 1) / step.Lines;
        kernel(
            stream, Grids.Fixed(accelerator, nameof(FourierPrimeKernel<T, TNumber>), groups, step.Lines * (step.Length / 16)),
            re, im, outRe, outIm, passes, filter, order, sizes, step, FourierConstants<T>.Values);
    }

    private static void Kernel(
        ArrayView<T> re, ArrayView<T> im, ArrayView<T> outRe, ArrayView<T> outIm, ArrayView<T> passes, ArrayView<T> filter, ArrayView<int> order,
        FourierSizes<T> sizes, FourierStep step, FourierConstants<T> constants)
    {
        var planeRe = SharedMemory.Allocate<T>(TNumber.Registers / 16 * 17);
        var planeIm = SharedMemory.Allocate<T>(TNumber.Registers / 16 * 17);
        var n = sizes.Points;
        var half = n / 2;
        var threads = step.Length >> 4;
        var isAcross = sizes.Inner > 1;
        var line = isAcross ? Group.IdxX & (step.Lines - 1) : Group.IdxX / threads;
        var thread = isAcross ? Group.IdxX >> step.Shift : Group.IdxX & (threads - 1);
        var registers = new FourierRegisters<T>
        {
            Re = planeRe,
            Im = planeIm,
            Passes = passes,
            Length = step.Length,
            Thread = thread,
            Start = isAcross ? line : line * (step.Length + threads),
            Shift = isAcross ? step.Shift : 0,
            Padding = isAcross ? TNumber.Padding : 31,
        };

        // Threads without a line repeat the last one, and write nothing.
        var number = (long)Grid.IdxX * step.Lines + line;
        var isHere = number < sizes.Lines;
        var place = FourierPlace.Of(isHere ? number : sizes.Lines - 1, sizes.Inner, 1);
        var start = place.Start(sizes.Read, sizes.Inner);
        var isReal = sizes.Kind == FourierKind.Real;
        for (var t = thread; t <= half; t += threads)
        {
            var mirror = n - t; // for t = 0 the place that padding is read from
            T own, image;
            if (isReal)
            {
                own = re[start + t * sizes.Inner];
                image = t == 0 ? T.Zero : re[start + mirror * sizes.Inner];
            }
            else
            {
                T real = re[start + t * sizes.Inner], imaginary = im[start + t * sizes.Inner];
                own = t == 0 ? real : real + imaginary;
                image = t == 0 ? T.Zero : real - imaginary;
            }

            registers.WriteNumber(t, own);
            registers.WriteNumber(mirror, image);
        }

        Group.Barrier();
        var first = registers.ReadNumber(0);
        var sum = T.Zero;
        var x = SixteenPairs<T>.Read(new OrderedNumbers { Registers = registers, Order = order });
        Group.Barrier();
        for (var way = 0; way < 2; way++)
        {
            x = registers.Transform(x, constants);
            if (way == 0)
            {
                SixteenPairs<T>.Write(registers.Slots, x);
                Group.Barrier();
                var all = registers.At(0);
                sum = all.Re + all.Im;
                x = SixteenPairs<T>.Read(new Products { Registers = registers, Filter = filter });
            }

            // Behind the branch: ILGPU moves loads past a barrier that stands in the same block.
            Group.Barrier();
            x = SixteenPairs<T>.Exchange(x);
        }

        SixteenPairs<T>.Write(registers.Slots, x);
        Group.Barrier();
        if (!isHere) return;
        start = place.Start(sizes.Written, sizes.Inner);
        var logarithms = 2 * step.Length;
        var last = isReal ? half : n - 1;
        for (var k = thread; k <= last; k += threads)
        {
            var at = order[logarithms + k];
            var s = k == 0 ? sum : registers.ReadNumber(at);
            var to = start + k * sizes.Inner;
            if (isReal)
            {
                at = at >= half ? at - half : at + half;
                var other = k == 0 ? sum : registers.ReadNumber(at);
                outRe[to] = (first + (s + other) * constants.Half) * sizes.Scale;
                outIm[to] = (s - other) * constants.Half * sizes.Scale;
            }
            else
            {
                outRe[to] = (first + s) * sizes.Scale;
            }
        }
    }

    // a or u: numbers in the order of powers of g, two neighbours a pair.
    private struct OrderedNumbers : IPairReader<T>
    {
        public FourierRegisters<T> Registers;
        public ArrayView<int> Order;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly Pair<T> Read(int slot)
        {
            var p = 2 * (Registers.Thread + slot * Registers.Threads);
            return new() { Re = Registers.ReadNumber(Order[p]), Im = Registers.ReadNumber(Order[p + 1]) };
        }
    }

    // A·Z[k] + B·conj Z[m - k].
    private struct Products : IPairReader<T>
    {
        public FourierRegisters<T> Registers;
        public ArrayView<T> Filter;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly Pair<T> Read(int slot)
        {
            var m = Registers.Length;
            var k = Registers.Thread + slot * Registers.Threads;
            Pair<T> a = new() { Re = Filter[k], Im = Filter[m + k] }, b = new() { Re = Filter[2 * m + k], Im = Filter[3 * m + k] };
            return a * Registers.Slots.Read(slot) + b * Pair<T>.Conjugate(Registers.At((m - k) & (m - 1)));
        }
    }
}
