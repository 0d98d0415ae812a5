using System.Numerics;
using System.Runtime.CompilerServices;

namespace Noether.Devices.Host;

/// <summary>Correlations of many small images in groups of few outputs: neighbouring images in the lanes of a register.</summary>
/// <remarks>
/// Algorithm: a register's number of images is turned round, so that each element of theirs is one register. Then a position of the output is a list
///            of pairs (<see cref="ConvolutionPairs"/>) without padding, whatever stride and dilation, and every register is full, however short the rows.
/// Forward:   eight outputs of a position are summed at once: one register of input by eight broadcast weights. The sums are turned back.
/// Gradient:  (kernels larger than their outputs; the images are what is summed over) cotangents are turned round as well. Eight outputs by one channel, or
///            four by two, are summed over the positions at once; the lanes of the sums are added at the end.
/// Parallel:  over groups and registers of images; in the gradient over groups and, where these are few, chunks of images, whose sums are added in order.
/// Cost:      2 · N · O · K operations a position; turning round half a cycle an element of input and output.
/// </remarks>
internal static unsafe class ConvolutionImages<V, T>
    where V : struct, ISimd<V, T>
    where T : unmanaged, INumber<T>
{
    private const int Outputs = 8; // summed at once
    private const int FewOutputs = 4;
    private const int MostBytes = 512 << 10; // the images of a register, and their outputs, stay in L2
    private const int MostPairs = 16 << 10;
    private const int Tasks = 16;

    /// <summary>True for registers of small images, and outputs that would not fill a register of <see cref="ConvolutionLanes{V,T}"/>.</summary>
    public static bool Suits(ConvolutionGeometry geometry, ConvolutionShape shape) => Fits(shape, geometry.Batch, shape.GroupChannels, shape.Pixels);

    /// <summary>The same where the kernel is larger than its output and the images are summed over.</summary>
    public static bool SuitsGradient(ConvolutionGeometry geometry, ConvolutionShape shape) => Fits(shape, shape.GroupChannels, geometry.Batch, shape.KernelSize);

    /// <summary>As <see cref="Convolution.Correlate{T}"/>.</summary>
    public static bool Correlate(ConvolutionGeometry geometry, ConvolutionShape shape, T* input, T* weight, T* output, IRegionBody? finished = null)
    {
        var pairs = new ConvolutionPairs(shape);
        var panels = (shape.GroupOutputs + Outputs - 1) / Outputs;
        using var packed = Workspace.Rent<T>((long)geometry.Groups * panels * shape.Depth * Outputs);
        var weights = packed.As<T>();
        for (var group = 0; group < geometry.Groups; group++)
            for (var panel = 0; panel < panels; panel++, weights += (long)shape.Depth * Outputs)
                Pack(shape, weight + ((long)group * shape.GroupOutputs + panel * Outputs) * shape.Depth, shape.GroupOutputs - panel * Outputs, weights);

        fixed (int* starts = pairs.Starts, taps = pairs.Taps, places = pairs.Places)
        {
            var body = new Forward(geometry, shape, starts, taps, places, panels, packed.As<T>(), input, output, finished);
            WorkerPool.Shared.For(checked(body.Tiles * geometry.Groups), body);
        }

        return finished is not null;
    }

    /// <summary>The gradient of a convolution's weights: input [channels, images], weight [outputs, images], summed over the images.</summary>
    public static void CorrelateGradient(ConvolutionGeometry geometry, ConvolutionShape shape, T* input, T* weight, T* output)
    {
        var pairs = new ConvolutionPairs(shape);
        var tiles = (shape.GroupChannels + V.Count - 1) / V.Count;
        var chunks = Math.Min(tiles, Math.Max(1, Tasks / geometry.Groups));
        var size = (long)RoundUp(shape.GroupOutputs) * geometry.Batch * shape.Pixels * V.Count;
        using var sums = Workspace.Rent<T>(geometry.Groups * chunks * size);
        fixed (int* starts = pairs.Starts, taps = pairs.Taps, places = pairs.Places)
        {
            WorkerPool.Shared.For(
                geometry.Groups * chunks, new Gradient(geometry, shape, starts, taps, places, tiles, chunks, size, input, weight, sums.As<T>()));
            WorkerPool.Shared.For(geometry.Groups, new Collect(geometry, shape, chunks, size, sums.As<T>(), output));
        }
    }

    private static bool Fits(ConvolutionShape shape, int images, long channels, long positions)
    {
        var registers = (images + V.Count - 1) / V.Count;
        return shape.GroupOutputs >= FewOutputs && shape.GroupOutputs <= V.Count && images >= V.Count && registers * V.Count * 4 <= 5 * images
            && (long)shape.Pixels * shape.KernelSize <= MostPairs
            && (channels * shape.InputSize + RoundUp(shape.GroupOutputs) * positions) * V.Count * sizeof(T) <= MostBytes;
    }

    private static int RoundUp(int outputs) => (outputs + Outputs - 1) / Outputs * Outputs;

    // packed[channel, tap, 8], zero beyond the outputs.
    private static void Pack(ConvolutionShape shape, T* from, int outputs, T* to)
    {
        if (outputs < Outputs)
            new Span<T>(to, shape.Depth * Outputs).Clear();
        Transposition.Run(from, shape.Depth, to, Outputs, Math.Min(outputs, Outputs), shape.Depth);
    }

    // tile[elements, lanes] of the images that there are; the lanes of absent ones are zero.
    private static void Turn(T* from, long image, int images, long elements, T* tile)
    {
        if (images < V.Count)
            new Span<T>(tile, checked((int)elements * V.Count)).Clear();
        Transposition.Run(from, image, tile, V.Count, images, checked((int)elements));
    }

    private readonly struct Forward(
        ConvolutionGeometry geometry, ConvolutionShape shape, int* starts, int* taps, int* places, int panels, T* packed, T* input, T* output,
        IRegionBody? finished) : IParallelBody
    {
        public int Tiles => (geometry.Batch + V.Count - 1) / V.Count;

        public void Invoke(int task)
        {
            var (group, tile) = Math.DivRem(task, Tiles);
            int first = tile * V.Count, images = Math.Min(V.Count, geometry.Batch - first), pixels = shape.Pixels;
            using var turned = Workspace.Rent<T>((long)shape.GroupChannels * shape.InputSize * V.Count);
            using var sums = Workspace.Rent<T>((long)panels * Outputs * pixels * V.Count);
            var channels = (long)shape.GroupChannels * shape.InputSize;
            Turn(input + shape.InputAt(group, first), shape.InputStrides.Image, images, channels, turned.As<T>());
            for (var panel = 0; panel < panels; panel++)
            {
                var weights = packed + ((long)group * panels + panel) * shape.Depth * Outputs;
                var to = sums.As<T>() + (long)panel * Outputs * pixels * V.Count;
                for (var position = 0; position < pixels; position++)
                    Position(position, turned.As<T>(), weights, to + position * V.Count);
            }

            var results = output + shape.OutputAt(group, first);
            var apart = shape.OutputStrides.Image;
            Transposition.Run(sums.As<T>(), V.Count, results, apart, shape.GroupOutputs * pixels, images);
            for (var image = 0; image < images && finished is not null; image++)
                finished.Invoke(results + image * apart, shape.GroupOutputs, pixels);
        }

        // to[output, position] for eight outputs.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Position(int position, T* x, T* w, T* to)
        {
            V c0 = V.Broadcast(T.Zero), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0;
            int begin = starts[position], end = starts[position + 1];
            nint plane = (nint)shape.InputSize * V.Count, kernel = (nint)shape.KernelSize * Outputs;
            for (var channel = shape.GroupChannels; channel > 0; channel--, x += plane, w += kernel)
                for (var pair = begin; pair < end; pair++)
                {
                    var a = V.Load(x + (nint)places[pair] * V.Count);
                    var b = w + (nint)taps[pair] * Outputs;
                    c0 = V.MultiplyAdd(V.Broadcast(b[0]), a, c0);
                    c1 = V.MultiplyAdd(V.Broadcast(b[1]), a, c1);
                    c2 = V.MultiplyAdd(V.Broadcast(b[2]), a, c2);
                    c3 = V.MultiplyAdd(V.Broadcast(b[3]), a, c3);
                    c4 = V.MultiplyAdd(V.Broadcast(b[4]), a, c4);
                    c5 = V.MultiplyAdd(V.Broadcast(b[5]), a, c5);
                    c6 = V.MultiplyAdd(V.Broadcast(b[6]), a, c6);
                    c7 = V.MultiplyAdd(V.Broadcast(b[7]), a, c7);
                }

            var apart = (nint)shape.Pixels * V.Count;
            c0.Store(to);
            c1.Store(to += apart);
            c2.Store(to += apart);
            c3.Store(to += apart);
            c4.Store(to += apart);
            c5.Store(to += apart);
            c6.Store(to += apart);
            c7.Store(to + apart);
        }
    }

    // One group and chunk of images: sums[output, channel, tap, lanes].
    private readonly struct Gradient(
        ConvolutionGeometry geometry, ConvolutionShape shape, int* starts, int* taps, int* places, int tiles, int chunks, long size, T* input, T* weight, T* sums)
        : IParallelBody
    {
        public void Invoke(int task)
        {
            var (group, chunk) = Math.DivRem(task, chunks);
            int channels = geometry.Batch, outputs = RoundUp(shape.GroupOutputs);
            var own = sums + task * size;
            new Span<T>(own, checked((int)size)).Clear();
            using var turned = Workspace.Rent<T>((long)channels * shape.InputSize * V.Count);
            using var cotangents = Workspace.Rent<T>((long)outputs * shape.KernelSize * V.Count);
            new Span<T>(cotangents.As<T>(), outputs * shape.KernelSize * V.Count).Clear();
            for (var tile = tiles * chunk / chunks; tile < tiles * (chunk + 1) / chunks; tile++)
            {
                int first = tile * V.Count, images = Math.Min(V.Count, shape.GroupChannels - first);
                var plane = (long)shape.InputSize * V.Count;
                for (var channel = 0; channel < channels; channel++)
                    Turn(
                        input + shape.InputAt(group, channel) + first * shape.InputStrides.Channel, shape.InputStrides.Channel, images,
                        shape.InputSize, turned.As<T>() + channel * plane);
                for (var output = 0; output < shape.GroupOutputs; output++)
                    Turn(
                        weight + group * shape.WeightStrides.Group + output * shape.WeightStrides.Output + first * shape.WeightStrides.Channel,
                        shape.WeightStrides.Channel, images, shape.KernelSize, cotangents.As<T>() + (long)output * shape.KernelSize * V.Count);

                for (var tap = 0; tap < shape.Pixels; tap++)
                {
                    var channel = 0;
                    for (; channel + 2 <= channels; channel += 2)
                        for (var output = 0; output < outputs; output += Outputs / 2)
                            Two(tap, turned.As<T>() + channel * plane, Cotangent(cotangents.As<T>(), output), Sum(own, output, channel, tap));
                    for (; channel < channels; channel++)
                        for (var output = 0; output < outputs; output += Outputs)
                            One(tap, turned.As<T>() + channel * plane, Cotangent(cotangents.As<T>(), output), Sum(own, output, channel, tap));
                }
            }
        }

        private T* Cotangent(T* cotangents, int output) => cotangents + (long)output * shape.KernelSize * V.Count;

        private T* Sum(T* own, int output, int channel, int tap) => own + (((long)output * geometry.Batch + channel) * shape.Pixels + tap) * V.Count;

        // One channel, eight outputs.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void One(int tap, T* x, T* d, T* to)
        {
            V c0 = V.Broadcast(T.Zero), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0;
            nint plane = (nint)shape.KernelSize * V.Count, end = starts[tap + 1];
            for (nint pair = starts[tap]; pair < end; pair++)
            {
                var a = V.Load(x + (nint)places[pair] * V.Count);
                var b = d + (nint)taps[pair] * V.Count;
                c0 = V.MultiplyAdd(V.Load(b), a, c0);
                c1 = V.MultiplyAdd(V.Load(b += plane), a, c1);
                c2 = V.MultiplyAdd(V.Load(b += plane), a, c2);
                c3 = V.MultiplyAdd(V.Load(b += plane), a, c3);
                c4 = V.MultiplyAdd(V.Load(b += plane), a, c4);
                c5 = V.MultiplyAdd(V.Load(b += plane), a, c5);
                c6 = V.MultiplyAdd(V.Load(b += plane), a, c6);
                c7 = V.MultiplyAdd(V.Load(b + plane), a, c7);
            }

            var apart = (nint)geometry.Batch * shape.Pixels * V.Count;
            Add(to, c0);
            Add(to += apart, c1);
            Add(to += apart, c2);
            Add(to += apart, c3);
            Add(to += apart, c4);
            Add(to += apart, c5);
            Add(to += apart, c6);
            Add(to + apart, c7);
        }

        // Two channels, four outputs.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Two(int tap, T* x, T* d, T* to)
        {
            V c0 = V.Broadcast(T.Zero), c1 = c0, c2 = c0, c3 = c0, e0 = c0, e1 = c0, e2 = c0, e3 = c0;
            nint plane = (nint)shape.KernelSize * V.Count, channel = (nint)shape.InputSize * V.Count, end = starts[tap + 1];
            for (nint pair = starts[tap]; pair < end; pair++)
            {
                var from = x + (nint)places[pair] * V.Count;
                V a = V.Load(from), f = V.Load(from + channel);
                var b = d + (nint)taps[pair] * V.Count;
                var y = V.Load(b);
                c0 = V.MultiplyAdd(y, a, c0);
                e0 = V.MultiplyAdd(y, f, e0);
                y = V.Load(b += plane);
                c1 = V.MultiplyAdd(y, a, c1);
                e1 = V.MultiplyAdd(y, f, e1);
                y = V.Load(b += plane);
                c2 = V.MultiplyAdd(y, a, c2);
                e2 = V.MultiplyAdd(y, f, e2);
                y = V.Load(b + plane);
                c3 = V.MultiplyAdd(y, a, c3);
                e3 = V.MultiplyAdd(y, f, e3);
            }

            nint next = (nint)shape.Pixels * V.Count, apart = geometry.Batch * next;
            Add(to, c0);
            Add(to + next, e0);
            Add(to += apart, c1);
            Add(to + next, e1);
            Add(to += apart, c2);
            Add(to + next, e2);
            Add(to += apart, c3);
            Add(to + next, e3);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Add(T* to, V x) => (V.Load(to) + x).Store(to);
    }

    // The outputs of a group: the chunks' sums in order, then their lanes.
    private readonly struct Collect(ConvolutionGeometry geometry, ConvolutionShape shape, int chunks, long size, T* sums, T* output) : IParallelBody
    {
        public void Invoke(int group)
        {
            var from = sums + group * chunks * size;
            for (var o = 0; o < shape.GroupOutputs; o++)
                for (var channel = 0; channel < geometry.Batch; channel++)
                {
                    var to = output + shape.OutputAt(group, channel) + (long)o * shape.Pixels;
                    for (var tap = 0; tap < shape.Pixels; tap++, from += V.Count)
                    {
                        var sum = V.Load(from);
                        for (var chunk = 1; chunk < chunks; chunk++)
                            sum += V.Load(from + chunk * size);
                        to[tap] = V.Fold<SumFold>(sum);
                    }
                }
        }
    }
}
