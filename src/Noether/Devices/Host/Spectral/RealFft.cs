using System.Numerics;

namespace Noether.Devices.Host;

/// <summary>Transforms between n real numbers and the first n/2 + 1 of their Fourier coefficients, along the middle axis of [outer, n, inner].</summary>
/// <remarks>
/// Even n: the even and the odd points are real and imaginary part of n/2 complex numbers; <see cref="RealFftJoin"/> makes the coefficients
///         of their transform. Half the work of a complex transform.
/// Odd n:  <see cref="OddRealFft{T}"/>, which has no halves to pack: half the work too, as it computes no mirror images.
/// Lanes:  as in <see cref="Fft"/>, whose choice of bundles this follows; a row alone stays in L1 up to some 2000 points.
/// </remarks>
internal static unsafe class RealFft
{
    /// <summary>
    /// out[o, k, i] = scale Σ_t x[o, t, i] e^(-2πi kt/n) for k in 0..n/2; x has n rows of inner elements for each o, the parts of out n/2 + 1.
    /// </summary>
    public static void Forward<T>(T* x, T* outRe, T* outIm, int n, long outer, long inner, T scale)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (n <= 0 || outer <= 0 || inner <= 0)
            return;
        var layout = new Layout<T>(n, outer, inner);
        Fft.Share(layout.Tasks, n * outer * inner, new ForwardBody<T>(layout, x, outRe, outIm, scale));
    }

    /// <summary>
    /// out[o, t, i] = scale Σ_k X[o, k, i] e^(2πi kt/n) over all k in 0..n-1 with X[n - k] = conj X[k]: n times the inverse of
    /// <see cref="Forward{T}"/>. The imaginary parts of X[0], and of X[n/2] for even n, count as zero.
    /// </summary>
    public static void Inverse<T>(T* re, T* im, T* output, int n, long outer, long inner, T scale)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (n <= 0 || outer <= 0 || inner <= 0)
            return;
        var layout = new Layout<T>(n, outer, inner);
        Fft.Share(layout.Tasks, n * outer * inner, new InverseBody<T>(layout, re, im, output, scale));
    }

    // How the transforms are cut into bundles of lanes, and the way of a bundle of rows into and out of scratch [n, lanes].
    private readonly struct Layout<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public readonly int N;
        public readonly FftPlan<T>? Even; // of n/2 points
        public readonly OddRealFft<T>? Odd;
        public readonly int Lanes;
        public readonly int Tasks;
        private readonly long outer;
        private readonly long inner;
        private readonly int blocks;

        public Layout(int n, long outer, long inner)
        {
            N = n;
            if (n % 2 == 0)
                Even = FftPlan<T>.For(n / 2);
            else
                Odd = OddRealFft<T>.For(n);
            var size = Even?.Size ?? Odd!.Size | 1; // odd: no row alone begins with a pass of radix 8
            this.outer = outer;
            this.inner = inner;
            Lanes = inner == 1 ? Fft.RowLanes<T>(size, outer) : Fft.Lanes<T>(size, inner);
            blocks = Fft.Blocks(inner == 1 ? outer : inner, Lanes);
            Tasks = inner == 1 ? blocks : checked((int)(outer * blocks));
        }

        /// <summary>True if the bundle lies in memory as in scratch: lanes are neighbours, rows some distance apart.</summary>
        public bool InPlace => inner > 1 || Lanes == 1;

        /// <summary>How far apart the points of a transform are in memory, or in scratch.</summary>
        public long Row => inner > 1 ? inner : Lanes;

        public int Used(int task) => (int)(inner == 1
            ? Math.Min(Lanes, outer - (long)task * Lanes)
            : Math.Min(Lanes, inner - (long)(task % blocks) * Lanes));

        /// <summary>Where the bundle begins in an array with <paramref name="rows"/> rows for each outer index.</summary>
        public long At(int task, int rows) =>
            inner == 1 ? (long)task * Lanes * rows : task / blocks * (rows * inner) + (long)(task % blocks) * Lanes;

        public void Gather(T* from, int rows, int task, T* to)
        {
            var used = Used(task);
            if (used < Lanes)
                new Span<T>(to, checked(rows * Lanes)).Clear(); // lanes without a row: numbers that cost nothing
            Transposition.Run(from + At(task, rows), rows, to, Lanes, used, rows);
        }

        public void Scatter(T* from, T* to, int rows, int task) =>
            Transposition.Run(from, Lanes, to + At(task, rows), rows, rows, Used(task));
    }

    private readonly struct ForwardBody<T>(Layout<T> layout, T* x, T* outRe, T* outIm, T scale) : IParallelBody
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Invoke(int task)
        {
            int n = layout.N, kept = n / 2 + 1;
            if (layout.InPlace)
            {
                var to = layout.At(task, kept);
                Run(x + layout.At(task, n), outRe + to, outIm + to, layout.Row, layout.Used(task));
                return;
            }

            var lanes = layout.Lanes;
            using var scratch = Workspace.Rent<T>((n + 2L * kept) * lanes);
            T* points = scratch.As<T>(), re = points + (long)n * lanes, im = re + (long)kept * lanes;
            layout.Gather(x, n, task, points);
            Run(points, re, im, lanes, lanes);
            layout.Scatter(re, outRe, kept, task);
            layout.Scatter(im, outIm, kept, task);
        }

        // Points and coefficients have the same distance from row to row.
        private void Run(T* from, T* re, T* im, long row, int lanes)
        {
            if (layout.Odd is { } odd)
            {
                odd.Forward(from, row, re, im, row, lanes, scale);
                return;
            }

            var h = layout.N / 2;
            var size = (h + 1L) * lanes;
            using var scratch = Workspace.Rent<T>(2 * size);
            T* zr = scratch.As<T>(), zi = zr + size;
            if (lanes == 1 && row == 1)
            {
                Interleaving.Split(from, zr, zi, h);
                layout.Even!.Run(zr, zi, 1, zr, zi, 1, 1);
                RealFftJoin.Row(zr, zi, re, im, h, scale, split: false);
            }
            else
            {
                layout.Even!.Run(from, from + row, 2 * row, zr, zi, lanes, lanes);
                RealFftJoin.Lanes(zr, zi, lanes, re, im, row, h, lanes, scale, split: false);
            }
        }
    }

    private readonly struct InverseBody<T>(Layout<T> layout, T* re, T* im, T* output, T scale) : IParallelBody
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Invoke(int task)
        {
            int n = layout.N, kept = n / 2 + 1;
            if (layout.InPlace)
            {
                var from = layout.At(task, kept);
                Run(re + from, im + from, output + layout.At(task, n), layout.Row, layout.Used(task));
                return;
            }

            var lanes = layout.Lanes;
            using var scratch = Workspace.Rent<T>((n + 2L * kept) * lanes);
            T* points = scratch.As<T>(), ownRe = points + (long)n * lanes, ownIm = ownRe + (long)kept * lanes;
            layout.Gather(re, kept, task, ownRe);
            layout.Gather(im, kept, task, ownIm);
            Run(ownRe, ownIm, points, lanes, lanes);
            layout.Scatter(points, output, n, task);
        }

        private void Run(T* fromRe, T* fromIm, T* to, long row, int lanes)
        {
            if (layout.Odd is { } odd)
            {
                odd.Inverse(fromRe, fromIm, row, to, row, lanes, scale);
                return;
            }

            var h = layout.N / 2;
            var size = (h + 1L) * lanes;
            using var scratch = Workspace.Rent<T>(2 * size);
            T* zr = scratch.As<T>(), zi = zr + size;
            if (lanes == 1 && row == 1)
            {
                RealFftJoin.Row(fromRe, fromIm, zr, zi, h, scale, split: true);
                layout.Even!.Run(zi, zr, 1, zi, zr, 1, 1);
                Interleaving.Merge(zr, zi, to, h);
            }
            else
            {
                RealFftJoin.Lanes(fromRe, fromIm, row, zr, zi, lanes, h, lanes, scale, split: true);
                layout.Even!.Run(zi, zr, lanes, to + row, to, 2 * row, lanes);
            }
        }
    }
}
