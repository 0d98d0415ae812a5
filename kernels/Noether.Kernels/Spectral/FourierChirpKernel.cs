using System.Numerics;
using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.Spectral;

/// <summary>Transforms of n points, n with a large prime factor, as a convolution with a chirp in the registers of a group.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TNumber">Its sizes.</typeparam>
/// <remarks>
/// Algorithm: Bluestein (1970). With kt = (k² + t² - (k - t)²)/2: X[k] = c[k] Σ_t (x[t] c[t]) conj c[k - t], c[t] = e^(-πi t²/n). The sum is a cyclic
///            convolution of m points, the power of two from 2n - 1 on: the transform of x·c, times a table, and back. The spectrum of the first
///            transform lies where the second one begins (<see cref="FourierRegisters{T}"/>), so nothing leaves the group between.
/// Layout:    as <see cref="FourierRegisterKernel{T, TNumber}"/>; operands and results of every kind pass through shared memory.
/// Limit:     arithmetic: 10 m log₂ m operations, 20 to 40 n log₂ m; one read and one write of the data.
/// Order:     fixed: equal bits on every run.
/// Reference: <see cref="FourierKernel{T, TNumber}.Reference"/>.
/// </remarks>
internal sealed class FourierChirpKernel<T, TNumber>(Accelerator accelerator)
    where T : unmanaged, INumber<T>
    where TNumber : struct, IFourierNumber
{
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, FourierSizes<T>, FourierStep, FourierConstants<T>> kernel =
        accelerator.LoadKernel<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, FourierSizes<T>, FourierStep, FourierConstants<T>>(
            Kernel, new KernelSpecialization(TNumber.Registers / 16, null));

    /// <summary>Enqueues the transforms; <paramref name="step"/> has the length of the convolution.</summary>
    public void Launch(
        AcceleratorStream stream, ArrayView<T> re, ArrayView<T> im, ArrayView<T> outRe, ArrayView<T> outIm, ArrayView<T> table, ArrayView<T> passes,
        ArrayView<T> chirp, in FourierSizes<T> sizes, in FourierStep step)
    {
        var groups = (sizes.Lines + step.Lines - 1) / step.Lines;
        kernel(
            stream, Grids.Fixed(accelerator, nameof(FourierChirpKernel<T, TNumber>), groups, step.Lines * (step.Length / 16)),
            re, im, outRe, outIm, table, passes, chirp, sizes, step, FourierConstants<T>.Values);
    }

    private static void Kernel(
        ArrayView<T> re, ArrayView<T> im, ArrayView<T> outRe, ArrayView<T> outIm, ArrayView<T> table, ArrayView<T> passes, ArrayView<T> chirp,
        FourierSizes<T> sizes, FourierStep step, FourierConstants<T> constants)
    {
        var planeRe = SharedMemory.Allocate<T>(TNumber.Registers / 16 * 17);
        var planeIm = SharedMemory.Allocate<T>(TNumber.Registers / 16 * 17);
        var n = sizes.Length;
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
        var slots = registers.Slots;
        for (var slot = 0; slot < 16; slot++)
        {
            var t = thread + slot * threads;
            var value = new Pair<T> { Re = T.Zero, Im = T.Zero };
            if (t < n) value = FourierOperands<T>.Load(re, im, table, sizes, start, t) * FourierOperands<T>.Chirp(chirp, t, n);
            slots.Write(slot, value);
        }

        Group.Barrier();
        var x = SixteenPairs<T>.Read(slots);
        Group.Barrier();
        var filter = new DenseSlots<T> { Re = chirp.SubView(2L * n + thread, step.Length - thread), Im = chirp.SubView(2L * n + step.Length + thread, step.Length - thread), Step = threads };
        for (var way = 0; way < 2; way++)
        {
            x = registers.Transform(x, constants);
            if (way == 0) x = SixteenPairs<T>.Times(x, filter, 0);
            x = SixteenPairs<T>.Exchange(x);
        }

        SixteenPairs<T>.Write(slots, x);
        Group.Barrier();
        if (!isHere) return;
        start = place.Start(sizes.Written, sizes.Inner);
        for (var t = thread; t < n; t += threads)
        {
            var mirror = t == 0 ? 0 : n - t;
            FourierOperands<T>.Store(
                registers.At(t) * FourierOperands<T>.Chirp(chirp, t, n), registers.At(mirror) * FourierOperands<T>.Chirp(chirp, mirror, n),
                outRe, outIm, table, sizes, start, t);
        }
    }
}
