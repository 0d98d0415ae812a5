using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Noether.Kernels.Spectral;

namespace Noether.Devices.Host;

/// <summary>The few lowest Fourier coefficients of real images, and images made of a few coefficients.</summary>
/// <remarks>
/// Modes:     the last axis keeps frequencies 0..m-1, each axis before it 0..m-1 and -m..-1. Coefficients are [2m, …, 2m, m], those axes in
///            this order of frequencies.
/// Matrices:  where few modes are kept, an axis is a product with its cosines and sines. The last axis goes first: points folded
///            (<see cref="Folding"/>), rows of all images of a tile together. An axis before it is one product with 2m + 1 rows
///            cos 0..m, sin 1..m; those and the signs give the coefficients k and -k.
/// Fast:      where many are kept, whole transforms of which the rest is dropped. <see cref="UsesMatrices"/> compares the costs.
/// Layout:    inside, real parts of a line of modes and then its imaginary parts, each padded with zeros to whole pairs of registers, so that
///            both are columns of one product.
/// Cost:      2 n m operations a row for the last axis, 16 n m a line of modes before it; all but the images stays in L2.
/// </remarks>
internal sealed unsafe class PrunedTransform<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    // Operations of a matrix product cost so much less than those of a fast transform.
    private const double ProductAdvantage = 3;

    private static readonly ConcurrentDictionary<(Shape Space, Shape Modes, bool Weighted), PrunedTransform<T>> Known = new();

    private readonly int[] space;
    private readonly int[] modes;
    private readonly T[] cosines; // of the last axis: [n/2 + 1, padded modes]
    private readonly T[] sines; // [(n - 1)/2, padded modes]
    private readonly T[][] leading; // of the others: [2m + 1, n]
    private readonly int padded;
    private readonly double[] weights; // of the last axis's modes

    private PrunedTransform(Shape space, Shape modes, bool weighted)
    {
        weights = new double[modes[^1]];
        for (var k = 0; k < weights.Length; k++)
            weights[k] = !weighted ? 1 : (k == 0 || 2 * k == space[^1] ? 1.0 : 2.0) / space.Size;
        this.space = [.. space];
        this.modes = [.. modes];
        Points = space.Size;
        Kept = modes.Size << (modes.Rank - 1);
        UsesMatrices = Prefers(this.space, this.modes);
        int n = this.space[^1], m = this.modes[^1], whole = 64 / sizeof(T);
        padded = (m + whole - 1) / whole * whole;
        cosines = new T[(n / 2 + 1) * padded];
        sines = new T[(n - 1) / 2 * padded];
        leading = new T[space.Rank - 1][];
        if (!UsesMatrices)
            return;
        for (var t = 0; t <= n / 2; t++)
            for (var k = 0; k < m; k++)
            {
                var (c, s) = UnitRoot.At((long)t * k % n, n);
                cosines[t * padded + k] = T.CreateTruncating(c * weights[k]);
                if (t > 0 && t <= (n - 1) / 2)
                    sines[(t - 1) * padded + k] = T.CreateTruncating(-s * weights[k]);
            }

        for (var axis = 0; axis < leading.Length; axis++)
            leading[axis] = Waves(this.space[axis], this.modes[axis]);
    }

    /// <summary>Points of an image.</summary>
    public long Points { get; }

    /// <summary>Coefficients of an image.</summary>
    public long Kept { get; }

    /// <summary>False if whole fast transforms are cheaper.</summary>
    public bool UsesMatrices { get; }

    /// <summary>The transform, made at most once. Weighted: every coefficient counts as often as mirror images have it (once or twice), over the number of points.</summary>
    public static PrunedTransform<T> For(Shape space, Shape modes, bool weighted) =>
        Known.GetOrAdd((space, modes, weighted), static key => new PrunedTransform<T>(key.Space, key.Modes, key.Weighted));

    /// <summary>Coefficients [images, 2m, …, m] of images [images, n, …, n].</summary>
    public void Analyse(T* x, T* re, T* im, int images)
    {
        if (!UsesMatrices)
        {
            AnalyseFast(x, re, im, images);
            return;
        }

        int n = space[^1], m = modes[^1], h = (n - 1) / 2, evens = n / 2 + 1;
        var rows = checked((int)(images * Points / n));
        var most = MostLines(images) * 2L * padded;
        using var folded = Workspace.Rent<T>((long)rows * (evens + h));
        using var first = Workspace.Rent<T>(most);
        using var second = Workspace.Rent<T>(leading.Length == 0 ? 0 : most);
        T* even = folded.As<T>(), odd = even + (long)rows * evens, z = first.As<T>(), other = second.As<T>();
        for (long row = 0; row < rows; row++)
            Folding.Fold(x + row * n, even + row * evens, odd + row * h, n);
        fixed (T* c = cosines, s = sines)
        {
            Gemm.Multiply(even, evens, 1, c, padded, 1, z, 2 * padded, rows, padded, evens, accumulate: false);
            Gemm.Multiply(odd, h, 1, s, padded, 1, z + padded, 2 * padded, rows, padded, h, accumulate: false);
        }

        var before = rows;
        var lines = 1; // of modes, in each row of the axis at hand
        for (var axis = leading.Length - 1; axis >= 0; axis--)
        {
            int size = space[axis], kept = modes[axis];
            before /= size;
            using var waves = Workspace.Rent<T>((2L * kept + 1) * lines * 2 * padded);
            var columns = lines * 2 * padded;
            fixed (T* w = leading[axis])
                for (long b = 0; b < before; b++)
                {
                    Gemm.Multiply(w, size, 1, z + b * size * columns, columns, 1, waves.As<T>(), columns, 2 * kept + 1, columns, size, accumulate: false);
                    ToFrequencies(waves.As<T>(), other + b * 2 * kept * columns, kept, lines);
                }

            lines *= 2 * kept;
            var swap = z;
            z = other;
            other = swap;
        }

        for (long line = 0; line < (long)images * lines; line++)
        {
            new Span<T>(z + line * 2 * padded, m).CopyTo(new(re + line * m, m));
            new Span<T>(z + line * 2 * padded + padded, m).CopyTo(new(im + line * m, m));
        }
    }

    /// <summary>
    /// The transpose of <see cref="Analyse"/>: images Σ_k Re(X[k] e^(2πi kt/n)) over the kept modes. So a mode counts once and not with its mirror image.
    /// </summary>
    public void Synthesise(T* re, T* im, T* y, int images)
    {
        if (!UsesMatrices)
        {
            SynthesiseFast(re, im, y, images);
            return;
        }

        int n = space[^1], m = modes[^1], h = (n - 1) / 2, evens = n / 2 + 1;
        var rows = checked((int)(images * Points / n));
        var most = MostLines(images) * 2L * padded;
        using var folded = Workspace.Rent<T>((long)rows * (evens + h));
        using var first = Workspace.Rent<T>(most);
        using var second = Workspace.Rent<T>(leading.Length == 0 ? 0 : most);
        T* even = folded.As<T>(), odd = even + (long)rows * evens, z = first.As<T>(), other = second.As<T>();
        var lines = (int)(Kept / m);
        for (long line = 0; line < (long)images * lines; line++)
        {
            var to = z + line * 2 * padded;
            new Span<T>(to, 2 * padded).Clear();
            new Span<T>(re + line * m, m).CopyTo(new(to, m));
            new Span<T>(im + line * m, m).CopyTo(new(to + padded, m));
        }

        var before = images;
        for (var axis = 0; axis < leading.Length; axis++)
        {
            int size = space[axis], kept = modes[axis];
            lines /= 2 * kept;
            using var waves = Workspace.Rent<T>((2L * kept + 1) * lines * 2 * padded);
            var columns = lines * 2 * padded;
            fixed (T* w = leading[axis])
                for (long b = 0; b < before; b++)
                {
                    ToWaves(z + b * 2 * kept * columns, waves.As<T>(), kept, lines);
                    Gemm.Multiply(w, 1, size, waves.As<T>(), columns, 1, other + b * size * columns, columns, size, columns, 2 * kept + 1, accumulate: false);
                }

            before *= size;
            var swap = z;
            z = other;
            other = swap;
        }

        fixed (T* c = cosines, s = sines)
        {
            Gemm.Multiply(z, 2 * padded, 1, c, 1, padded, even, evens, rows, evens, m, accumulate: false);
            Gemm.Multiply(z + padded, 2 * padded, 1, s, 1, padded, odd, h, rows, h, m, accumulate: false);
        }

        for (long row = 0; row < rows; row++)
            Folding.Unfold(even + row * evens, odd + row * h, y + row * n, n);
    }

    private static T[] Waves(int n, int m)
    {
        var table = new T[(2 * m + 1) * n];
        for (var k = 0; k <= m; k++)
            for (var t = 0; t < n; t++)
            {
                var (c, s) = UnitRoot.At((long)t * k % n, n);
                table[k * n + t] = T.CreateTruncating(c);
                if (k > 0)
                    table[(m + k) * n + t] = T.CreateTruncating(s);
            }

        return table;
    }

    private static bool Prefers(int[] space, int[] modes)
    {
        double points = space.Aggregate(1.0, static (product, n) => product * n), fast = 2.5 * points * Math.Log2(points + 1);
        double product = 2 * points * modes[^1], lines = 1, rows = points / space[^1];
        for (var axis = space.Length - 2; axis >= 0; axis--)
        {
            product += 2 * rows * (2 * modes[axis] + 1) * lines * 2 * modes[^1];
            rows /= space[axis];
            lines *= 2 * modes[axis];
        }

        return product <= ProductAdvantage * fast;
    }

    private void ToFrequencies(T* waves, T* to, int kept, int lines)
    {
        if (Vector512.IsHardwareAccelerated)
            ToFrequencies<Simd512<T>>(waves, to, kept, lines);
        else if (Vector256.IsHardwareAccelerated)
            ToFrequencies<Simd256<T>>(waves, to, kept, lines);
        else
            ToFrequencies<Simd128<T>>(waves, to, kept, lines);
    }

    private void ToWaves(T* from, T* waves, int kept, int lines)
    {
        if (Vector512.IsHardwareAccelerated)
            ToWaves<Simd512<T>>(from, waves, kept, lines);
        else if (Vector256.IsHardwareAccelerated)
            ToWaves<Simd256<T>>(from, waves, kept, lines);
        else
            ToWaves<Simd128<T>>(from, waves, kept, lines);
    }

    // X[±k] = Σ z cos ∓ i Σ z sin; the order is 0..m-1, -m..-1. Frequency m, which is not kept, is overwritten by -m.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ToFrequencies<V>(T* waves, T* to, int kept, int lines)
        where V : struct, ISimd<V, T>
    {
        long columns = lines * 2L * padded;
        new Span<T>(waves, checked((int)columns)).CopyTo(new(to, (int)columns));
        for (var k = 1; k <= kept; k++)
        {
            T* c = waves + k * columns, s = waves + (kept + k) * columns, minus = to + (2 * kept - k) * columns;
            var plus = k < kept ? to + k * columns : minus;
            for (var line = 0; line < lines; line++)
                for (int i = line * 2 * padded, end = i + padded; i < end; i += V.Count)
                {
                    V cr = V.Load(c + i), ci = V.Load(c + i + padded), sr = V.Load(s + i), si = V.Load(s + i + padded);
                    (cr + si).Store(plus + i);
                    (ci - sr).Store(plus + i + padded);
                    (cr - si).Store(minus + i);
                    (ci + sr).Store(minus + i + padded);
                }
        }
    }

    // z[t] = Σ_k cos (X[k] + X[-k]) + i sin (X[k] - X[-k]), where X[m] is zero.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ToWaves<V>(T* from, T* waves, int kept, int lines)
        where V : struct, ISimd<V, T>
    {
        long columns = lines * 2L * padded;
        new Span<T>(from, checked((int)columns)).CopyTo(new(waves, (int)columns));
        for (var k = 1; k <= kept; k++)
        {
            T* c = waves + k * columns, s = waves + (kept + k) * columns, minus = from + (2 * kept - k) * columns;
            var plus = k < kept ? from + k * columns : minus;
            var there = V.Broadcast(k < kept ? T.One : T.Zero);
            for (var line = 0; line < lines; line++)
                for (int i = line * 2 * padded, end = i + padded; i < end; i += V.Count)
                {
                    V pr = there * V.Load(plus + i), pi = there * V.Load(plus + i + padded), mr = V.Load(minus + i), mi = V.Load(minus + i + padded);
                    (pr + mr).Store(c + i);
                    (pi + mi).Store(c + i + padded);
                    (mi - pi).Store(s + i);
                    (pr - mr).Store(s + i + padded);
                }
        }
    }

    // Between two axes: rows still to do times lines already done.
    private long MostLines(int images)
    {
        long rows = images * Points / space[^1], lines = 1, most = rows;
        for (var axis = leading.Length - 1; axis >= 0; axis--)
        {
            rows /= space[axis];
            lines *= 2 * modes[axis];
            most = Math.Max(most, rows * lines);
        }

        return most;
    }

    private void AnalyseFast(T* x, T* re, T* im, int images)
    {
        var full = Points / space[^1] * (space[^1] / 2 + 1);
        using var scratch = Workspace.Rent<T>(2 * full);
        T* fullRe = scratch.As<T>(), fullIm = fullRe + full;
        for (var image = 0; image < images; image++)
        {
            RealFftMany.Forward(x + image * Points, fullRe, fullIm, 1, space, 1, T.One);
            for (long line = 0; line < Kept / modes[^1]; line++)
            {
                long from = Position(line), to = image * Kept + line * modes[^1];
                for (var k = 0; k < modes[^1]; k++)
                {
                    var factor = T.CreateTruncating(weights[k]);
                    re[to + k] = factor * fullRe[from + k];
                    im[to + k] = factor * fullIm[from + k];
                }
            }
        }
    }

    private void SynthesiseFast(T* re, T* im, T* y, int images)
    {
        var full = Points / space[^1] * (space[^1] / 2 + 1);
        using var scratch = Workspace.Rent<T>(2 * full);
        T* fullRe = scratch.As<T>(), fullIm = fullRe + full;
        for (var image = 0; image < images; image++)
        {
            new Span<T>(fullRe, checked((int)(2 * full))).Clear();
            for (long line = 0; line < Kept / modes[^1]; line++)
            {
                long to = Position(line), from = image * Kept + line * modes[^1];
                for (var k = 0; k < modes[^1]; k++)
                {
                    var factor = T.CreateTruncating(weights[k] * (k == 0 || 2 * k == space[^1] ? 1 : 0.5)); // the inverse transform counts mirror images too
                    fullRe[to + k] = factor * re[from + k];
                    fullIm[to + k] = factor * im[from + k];
                }
            }

            RealFftMany.Inverse(fullRe, fullIm, y + image * Points, 1, space, 1, T.One);
        }
    }

    // Where a line of modes begins among all coefficients.
    private long Position(long line)
    {
        long at = 0, step = space[^1] / 2 + 1;
        for (var axis = space.Length - 2; axis >= 0; axis--)
        {
            var k = line % (2 * modes[axis]);
            line /= 2 * modes[axis];
            at += (k < modes[axis] ? k : space[axis] - 2 * modes[axis] + k) * step;
            step *= space[axis];
        }

        return at;
    }
}
