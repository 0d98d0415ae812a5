using System.Numerics;
using System.Runtime.CompilerServices;
using Noether.Kernels.Spectral;

namespace Noether.Devices.Host;

/// <summary>A few real points, an odd number, by the definition with opposite points folded: (n - 1)²/2 multiplications.</summary>
/// <remarks>
/// From s[t] = x[t] + x[n - t] and d[t] = x[t] - x[n - t], t in 1..n/2: Re X[k] = x[0] + Σ s[t] cos 2πkt/n, Im X[k] = -Σ d[t] sin 2πkt/n; back the
/// same sums over k, doubled, are even and odd part of the points. Three and five points stay in registers.
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class SmallRealFft<T> : OddRealFft<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int n;
    private readonly T[] cosines; // of 2πkt/n, [n/2, n/2] from k = t = 1 on
    private readonly T[] sines;

    public SmallRealFft(int n)
    {
        this.n = n;
        var half = n / 2;
        cosines = new T[half * half];
        sines = new T[half * half];
        for (var k = 1; k <= half; k++)
            for (var t = 1; t <= half; t++)
            {
                var (c, s) = UnitRoot.At(k * t, n);
                cosines[(k - 1) * half + t - 1] = T.CreateTruncating(c);
                sines[(k - 1) * half + t - 1] = T.CreateTruncating(s);
            }
    }

    public override int Size => Math.Max(1, n / 2);

    public override void Forward(T* x, long xPitch, T* re, T* im, long yPitch, int lanes, T scale)
    {
        fixed (T* c = cosines, s = sines)
            LaneLoop.Over<ForwardLoop, T>(new(n, c, s, x, xPitch, re, im, yPitch, scale), lanes);
    }

    public override void Inverse(T* re, T* im, long xPitch, T* y, long yPitch, int lanes, T scale)
    {
        fixed (T* c = cosines, s = sines)
            LaneLoop.Over<InverseLoop, T>(new(n, c, s, re, im, xPitch, y, yPitch, scale), lanes);
    }

    private readonly struct ForwardLoop(int n, T* cosines, T* sines, T* x, long xPitch, T* re, T* im, long yPitch, T scale) : ILaneLoop<T>
    {
        public void Run<V>(long first, long end)
            where V : struct, ISimd<V, T>
        {
            if (n == 3)
                Three<V>(first, end);
            else if (n == 5)
                Five<V>(first, end);
            else
                Any<V>(first, end);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Three<V>(long first, long end)
            where V : struct, ISimd<V, T>
        {
            V factor = V.Broadcast(scale), c = V.Broadcast(cosines[0]), s = V.Broadcast(-scale * sines[0]), zero = V.Broadcast(T.Zero);
            T* from0 = x, from1 = x + xPitch, from2 = from1 + xPitch, re0 = re, re1 = re + yPitch, im0 = im, im1 = im + yPitch;
            for (var q = first; q < end; q += V.Count)
            {
                V x0 = V.Load(from0 + q), x1 = V.Load(from1 + q), x2 = V.Load(from2 + q), sum = x1 + x2;
                (factor * (x0 + sum)).Store(re0 + q);
                (factor * V.MultiplyAdd(c, sum, x0)).Store(re1 + q);
                zero.Store(im0 + q);
                (s * (x1 - x2)).Store(im1 + q);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Five<V>(long first, long end)
            where V : struct, ISimd<V, T>
        {
            V factor = V.Broadcast(scale), zero = V.Broadcast(T.Zero);
            V c1 = V.Broadcast(cosines[0]), c2 = V.Broadcast(cosines[1]), s1 = V.Broadcast(-sines[0]), s2 = V.Broadcast(-sines[1]);
            T* from = x, toRe = re, toIm = im;
            long step = xPitch, next = yPitch;
            for (var q = first; q < end; q += V.Count)
            {
                V x0 = V.Load(from + q), x1 = V.Load(from + step + q), x2 = V.Load(from + 2 * step + q);
                V x3 = V.Load(from + 3 * step + q), x4 = V.Load(from + 4 * step + q);
                V sum1 = x1 + x4, sum2 = x2 + x3, difference1 = x1 - x4, difference2 = x2 - x3;
                (factor * (x0 + sum1 + sum2)).Store(toRe + q);
                (factor * V.MultiplyAdd(c1, sum1, V.MultiplyAdd(c2, sum2, x0))).Store(toRe + next + q);
                (factor * V.MultiplyAdd(c2, sum1, V.MultiplyAdd(c1, sum2, x0))).Store(toRe + 2 * next + q);
                zero.Store(toIm + q);
                (factor * V.MultiplyAdd(s1, difference1, s2 * difference2)).Store(toIm + next + q);
                (factor * (s2 * difference1 - s1 * difference2)).Store(toIm + 2 * next + q);
            }
        }

        [SkipLocalsInit]
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Any<V>(long first, long end)
            where V : struct, ISimd<V, T>
        {
            V factor = V.Broadcast(scale), zero = V.Broadcast(T.Zero);
            var half = n / 2;
            T* sums = stackalloc T[2 * half * V.Count], differences = sums + half * V.Count;
            for (var q = first; q < end; q += V.Count)
            {
                V x0 = V.Load(x + q), total = x0;
                for (var t = 1; t <= half; t++)
                {
                    V a = V.Load(x + t * xPitch + q), b = V.Load(x + (n - t) * xPitch + q), sum = a + b;
                    sum.Store(sums + (t - 1) * V.Count);
                    (a - b).Store(differences + (t - 1) * V.Count);
                    total += sum;
                }

                (factor * total).Store(re + q);
                zero.Store(im + q);
                T* c = cosines, s = sines;
                for (var k = 1; k <= half; k++)
                {
                    V even = x0, odd = zero;
                    for (var t = 0; t < half; t++)
                    {
                        even = V.MultiplyAdd(V.Broadcast(*c++), V.Load(sums + t * V.Count), even);
                        odd = V.MultiplyAdd(V.Broadcast(-*s++), V.Load(differences + t * V.Count), odd);
                    }

                    (factor * even).Store(re + k * yPitch + q);
                    (factor * odd).Store(im + k * yPitch + q);
                }
            }
        }
    }

    private readonly struct InverseLoop(int n, T* cosines, T* sines, T* re, T* im, long xPitch, T* y, long yPitch, T scale) : ILaneLoop<T>
    {
        public void Run<V>(long first, long end)
            where V : struct, ISimd<V, T>
        {
            if (n == 3)
                Three<V>(first, end);
            else if (n == 5)
                Five<V>(first, end);
            else
                Any<V>(first, end);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Three<V>(long first, long end)
            where V : struct, ISimd<V, T>
        {
            var two = T.One + T.One;
            V factor = V.Broadcast(scale), s = V.Broadcast(scale * two * sines[0]);
            T* re0 = re, re1 = re + xPitch, im1 = im + xPitch, to0 = y, to1 = y + yPitch, to2 = to1 + yPitch;
            for (var q = first; q < end; q += V.Count)
            {
                V x0 = V.Load(re0 + q), x1 = V.Load(re1 + q), even = factor * (x0 - x1), odd = s * V.Load(im1 + q);
                (factor * (x0 + x1 + x1)).Store(to0 + q);
                (even - odd).Store(to1 + q);
                (even + odd).Store(to2 + q);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Five<V>(long first, long end)
            where V : struct, ISimd<V, T>
        {
            var two = T.One + T.One;
            V factor = V.Broadcast(scale), c1 = V.Broadcast(two * cosines[0]), c2 = V.Broadcast(two * cosines[1]);
            V s1 = V.Broadcast(two * scale * sines[0]), s2 = V.Broadcast(two * scale * sines[1]), doubled = V.Broadcast(two);
            T* fromRe = re, fromIm = im, to = y;
            long step = xPitch, next = yPitch;
            for (var q = first; q < end; q += V.Count)
            {
                V x0 = V.Load(fromRe + q), r1 = V.Load(fromRe + step + q), r2 = V.Load(fromRe + 2 * step + q);
                V i1 = V.Load(fromIm + step + q), i2 = V.Load(fromIm + 2 * step + q);
                V even1 = factor * V.MultiplyAdd(c1, r1, V.MultiplyAdd(c2, r2, x0)), even2 = factor * V.MultiplyAdd(c2, r1, V.MultiplyAdd(c1, r2, x0));
                V odd1 = V.MultiplyAdd(s1, i1, s2 * i2), odd2 = s2 * i1 - s1 * i2;
                (factor * V.MultiplyAdd(doubled, r1 + r2, x0)).Store(to + q);
                (even1 - odd1).Store(to + next + q);
                (even2 - odd2).Store(to + 2 * next + q);
                (even2 + odd2).Store(to + 3 * next + q);
                (even1 + odd1).Store(to + 4 * next + q);
            }
        }

        [SkipLocalsInit]
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Any<V>(long first, long end)
            where V : struct, ISimd<V, T>
        {
            V factor = V.Broadcast(scale), zero = V.Broadcast(T.Zero);
            var half = n / 2;
            T* reals = stackalloc T[2 * half * V.Count], imaginaries = reals + half * V.Count; // doubled
            for (var q = first; q < end; q += V.Count)
            {
                V x0 = V.Load(re + q), total = x0;
                for (var k = 1; k <= half; k++)
                {
                    V a = V.Load(re + k * xPitch + q), b = V.Load(im + k * xPitch + q);
                    a += a;
                    a.Store(reals + (k - 1) * V.Count);
                    (b + b).Store(imaginaries + (k - 1) * V.Count);
                    total += a;
                }

                (factor * total).Store(y + q);
                T* c = cosines, s = sines;
                for (var t = 1; t <= half; t++)
                {
                    V even = x0, odd = zero;
                    for (var k = 0; k < half; k++)
                    {
                        even = V.MultiplyAdd(V.Broadcast(*c++), V.Load(reals + k * V.Count), even);
                        odd = V.MultiplyAdd(V.Broadcast(*s++), V.Load(imaginaries + k * V.Count), odd);
                    }

                    (factor * (even - odd)).Store(y + t * yPitch + q);
                    (factor * (even + odd)).Store(y + (n - t) * yPitch + q);
                }
            }
        }
    }
}
