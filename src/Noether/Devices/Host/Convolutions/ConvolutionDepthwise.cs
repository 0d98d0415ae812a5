using System.Numerics;
using System.Runtime.CompilerServices;

namespace Noether.Devices.Host;

/// <summary>Correlations of one channel with one output a group: each plane by its own kernel; and the gradient of such kernels.</summary>
/// <remarks>
/// Forward:   a plane is padded and sorted into parts once (<see cref="ConvolutionParts"/>); four registers of neighbouring positions go over
///            all taps and are stored where they belong, the last ones of a row overlapping those before.
/// Gradient:  (kernels larger than their outputs) here the taps are the outputs. Four of them at a time have one register of sums each, which
///            goes along all rows of all images; the end of a row, which no register fills, is summed by single numbers.
/// Parallel:  over planes, or groups.
/// Limit:     loads, one an element and tap, mostly across a cache line's end; a quarter of that for weights or cotangents.
/// </remarks>
internal static unsafe class ConvolutionDepthwise<V, T>
    where V : struct, ISimd<V, T>
    where T : unmanaged, INumber<T>
{
    private const int MostElements = 64 << 10; // a padded plane stays in L2
    private const int Slack = 64;

    /// <summary>True for planes of rows as wide as a register, not spread by zeros.</summary>
    public static bool Suits(ConvolutionShape shape)
    {
        if (shape.GroupChannels != 1 || shape.GroupOutputs != 1 || shape.InputDilation is not [1, 1, 1] || shape.Output[2] < V.Count)
            return false;
        var parts = Whole(shape.OutputRuns());
        return parts.Slab <= MostElements;
    }

    /// <summary>True for kernels of rows as wide as a register, which neither they nor the input spread, a number of channels summed over.</summary>
    public static bool SuitsGradient(ConvolutionShape shape)
    {
        if (shape.GroupOutputs != 1 || shape.InputDilation is not [1, 1, 1] || shape.Kernel[2] < V.Count)
            return false;
        var parts = Whole(shape.KernelRuns());
        return parts.Slab <= MostElements;
    }

    /// <summary>As <see cref="Convolution.Correlate{T}"/>.</summary>
    public static void Correlate(ConvolutionGeometry geometry, ConvolutionShape shape, T* input, T* weight, T* output, IRegionBody? finished = null)
    {
        var parts = Whole(shape.OutputRuns());
        var (offsets, numbers) = parts.Table(shape.Kernel[1], shape.Kernel[2]);
        fixed (int* table = offsets, taps = numbers)
            WorkerPool.Shared.For(geometry.Batch * geometry.Groups, new Plane(geometry, shape, parts, table, taps, offsets.Length, input, weight, output, finished));
    }

    /// <summary>The same where the kernel is larger than its output.</summary>
    public static void CorrelateGradient(ConvolutionGeometry geometry, ConvolutionShape shape, T* input, T* weight, T* output)
    {
        var parts = Whole(shape.KernelRuns());
        var (offsets, numbers) = parts.Table(shape.Output[1], shape.Output[2]);
        fixed (int* table = offsets, taps = numbers)
            WorkerPool.Shared.For(geometry.Batch * geometry.Groups, new Sums(geometry, shape, parts, table, taps, offsets.Length, input, weight, output));
    }

    private static ConvolutionParts Whole(IEnumerable<ConvolutionAxis[]> runs)
    {
        var axes = runs.First();
        return new(axes[0], axes[1], axes[2], [axes[0].Count, axes[1].Count, axes[2].Count]);
    }

    private readonly struct Plane(
        ConvolutionGeometry geometry, ConvolutionShape shape, ConvolutionParts parts, int* offsets, int* numbers, int taps, T* input, T* weight, T* output,
        IRegionBody? finished) : IParallelBody
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke(int plane)
        {
            using var padded = Workspace.Rent<T>((long)parts.Slab + Slack);
            using var ordered = Workspace.Rent<T>(taps);
            var (image, group) = Math.DivRem(plane, geometry.Groups);
            parts.Copy(input + shape.InputAt(group, image), shape.Input, [0, 0, 0], padded.As<T>());
            var own = weight + (long)group * shape.KernelSize;
            for (var t = 0; t < taps; t++)
                ordered.As<T>()[t] = own[numbers[t]];

            var to = output + shape.OutputAt(group, image);
            var width = shape.Output[2];
            for (var z = 0; z < shape.Output[0]; z++)
                for (var y = 0; y < shape.Output[1]; y++, to += width)
                {
                    var from = padded.As<T>() + z * parts.Plane + y * parts.Row;
                    var x = 0;
                    for (; x + 4 * V.Count <= width; x += 4 * V.Count)
                        Four(from + x, ordered.As<T>(), to + x, V.Count, V.Count, V.Count);
                    if (width - x > V.Count)
                    {
                        // Two to four registers, of which the last ends with the row.
                        var end = width - x - V.Count;
                        var second = Math.Min(V.Count, end);
                        var third = Math.Min(V.Count, end - second);
                        Four(from + x, ordered.As<T>(), to + x, second, third, end - second - third);
                    }
                    else if (width > x)
                    {
                        Four(from + width - V.Count, ordered.As<T>(), to + width - V.Count, 0, 0, 0);
                    }
                }

            finished?.Invoke(to - shape.Pixels, 1, shape.Pixels);
        }

        // Registers at 0 and as many elements further each time.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Four(T* x, T* w, T* to, nint second, nint third, nint fourth)
        {
            third += second;
            fourth += third;
            V a = V.Broadcast(T.Zero), b = a, c = a, d = a;
            for (var t = 0; t < taps; t++)
            {
                var from = x + offsets[t];
                var y = V.Broadcast(w[t]);
                a = V.MultiplyAdd(y, V.Load(from), a);
                b = V.MultiplyAdd(y, V.Load(from + second), b);
                c = V.MultiplyAdd(y, V.Load(from + third), c);
                d = V.MultiplyAdd(y, V.Load(from + fourth), d);
            }

            a.Store(to);
            b.Store(to + second);
            c.Store(to + third);
            d.Store(to + fourth);
        }
    }

    // One image (of the few that a gradient's channels became) and group: all outputs, summed over channels.
    private readonly struct Sums(
        ConvolutionGeometry geometry, ConvolutionShape shape, ConvolutionParts parts, int* offsets, int* numbers, int taps, T* input, T* weight, T* output)
        : IParallelBody
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke(int index)
        {
            var (image, group) = Math.DivRem(index, geometry.Groups);
            using var padded = Workspace.Rent<T>((long)parts.Slab + Slack);
            using var sums = Workspace.Rent<T>(((long)taps + 3) * V.Count);
            using var rests = Workspace.Rent<T>(taps);
            new Span<T>(sums.As<T>(), (taps + 3) * V.Count).Clear();
            new Span<T>(rests.As<T>(), taps).Clear();
            for (var channel = 0; channel < shape.GroupChannels; channel++)
            {
                parts.Copy(input + shape.InputAt(group, image) + (long)channel * shape.InputSize, shape.Input, [0, 0, 0], padded.As<T>());
                var along = weight + ((long)group * shape.GroupChannels + channel) * shape.KernelSize;
                for (var t = 0; t < taps; t += 4)
                    Four(padded.As<T>(), along, t, sums.As<T>() + t * V.Count, rests.As<T>());
            }

            for (var t = 0; t < taps; t++)
            {
                var sum = rests.As<T>()[t];
                for (var lane = 0; lane < V.Count; lane++)
                    sum += sums.As<T>()[t * V.Count + lane];
                output[shape.OutputAt(group, image) + numbers[t]] = sum;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Four(T* padded, T* along, int tap, T* sums, T* rests)
        {
            var last = taps - 1; // beyond it the last tap is summed again, and left behind
            nint second = offsets[Math.Min(tap + 1, last)], third = offsets[Math.Min(tap + 2, last)], fourth = offsets[Math.Min(tap + 3, last)];
            V a = V.Load(sums), b = V.Load(sums + V.Count), c = V.Load(sums + 2 * V.Count), d = V.Load(sums + 3 * V.Count);
            var width = shape.Kernel[2];
            for (var z = 0; z < shape.Kernel[0]; z++)
                for (var y = 0; y < shape.Kernel[1]; y++, along += width)
                {
                    var from = padded + z * parts.Plane + y * parts.Row;
                    var x = 0;
                    for (; x + V.Count <= width; x += V.Count)
                    {
                        var g = V.Load(along + x);
                        a = V.MultiplyAdd(g, V.Load(from + offsets[tap] + x), a);
                        b = V.MultiplyAdd(g, V.Load(from + second + x), b);
                        c = V.MultiplyAdd(g, V.Load(from + third + x), c);
                        d = V.MultiplyAdd(g, V.Load(from + fourth + x), d);
                    }

                    for (; x < width; x++)
                        for (var t = tap; t < Math.Min(tap + 4, taps); t++)
                            rests[t] += along[x] * from[offsets[t] + x];
                }

            a.Store(sums);
            b.Store(sums + V.Count);
            c.Store(sums + 2 * V.Count);
            d.Store(sums + 3 * V.Count);
        }
    }
}
