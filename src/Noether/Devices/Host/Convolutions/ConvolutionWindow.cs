using System.Numerics;
using System.Runtime.CompilerServices;

namespace Noether.Devices.Host;

/// <summary>One of the two index sets of a convolution's matrix: (channel, kernel position) or (image, output position).</summary>
internal struct WindowIndex
{
    /// <summary>Elements of input between neighbouring channels, or images.</summary>
    public long Slab;

    /// <summary>Sizes of the three spatial axes, slowest first.</summary>
    public int Z, Y, X;

    /// <summary>Steps in the spread, padded input for one step of the index: kernel dilation, or stride.</summary>
    public int StepZ, StepY, StepX;

    public readonly int Positions => Z * Y * X;
}

/// <summary>The input of a convolution seen as a matrix: entry (r, c) is the input under the sum of two positions, or zero outside.</summary>
/// <remarks>
/// The two indices play the same part (position = r · dilation + c · stride - padding), so one routine writes the matrix with either
/// of them running along memory: the one with the longer innermost axis, for then the runs that are copied as a whole are long.
/// An ordinary convolution has wide outputs and small kernels; its weight gradient has kernels of an image's size and outputs of a
/// kernel's.
/// </remarks>
internal readonly unsafe struct ConvolutionWindow<T>(T* input, int[] sizes, int[] spread, int[] padLow)
    where T : unmanaged, INumber<T>
{
    private readonly int sizeZ = sizes[0], sizeY = sizes[1], sizeX = sizes[2];
    private readonly int spreadZ = spread[0], spreadY = spread[1], spreadX = spread[2];
    private readonly int padZ = padLow[0], padY = padLow[1], padX = padLow[2];

    /// <summary>to[(s - first) · pitch + (r - begin)] for s in [first, last) of the slow index and r in [begin, end) of the running one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Copy(in WindowIndex slow, long first, long last, in WindowIndex running, long begin, long end, T* to, long pitch)
    {
        for (var s = first; s < last; s++, to += pitch)
        {
            var (slab, z, y, x) = Split(slow, s);
            var source = input + slab * slow.Slab;
            int fromZ = z * slow.StepZ - padZ, fromY = y * slow.StepY - padY, fromX = x * slow.StepX - padX;
            var (runSlab, runZ, runY, runX) = Split(running, begin);
            var at = to;
            for (var r = begin; r < end;)
            {
                var length = (int)Math.Min(running.X - runX, end - r);
                var inZ = At(fromZ + runZ * running.StepZ, spreadZ, sizeZ);
                var inY = At(fromY + runY * running.StepY, spreadY, sizeY);
                if (inZ < 0 || inY < 0)
                    new Span<T>(at, length).Clear();
                else
                    Row(source + runSlab * running.Slab + ((long)inZ * sizeY + inY) * sizeX, fromX + runX * running.StepX, running.StepX, length, at);

                at += length;
                r += length;
                runX = 0;
                if (++runY == running.Y)
                {
                    runY = 0;
                    if (++runZ == running.Z)
                    {
                        runZ = 0;
                        runSlab++;
                    }
                }
            }
        }
    }

    /// <summary>The input index at a position of the spread input, or -1 between and beyond the elements.</summary>
    public static int At(int position, int spread, int size)
    {
        if (position < 0)
            return -1;
        if (spread == 1)
            return position < size ? position : -1;
        var index = position / spread;
        return index < size && index * spread == position ? index : -1;
    }

    /// <summary>The part [low, high) of a run of <paramref name="length"/> steps from <paramref name="from"/> that lies within <paramref name="size"/>.</summary>
    public static (int Low, int High) Inside(int from, int step, int length, int size)
    {
        var low = from >= 0 ? 0 : (-from + step - 1) / step;
        var high = from >= size ? 0 : (size - 1 - from) / step + 1;
        low = Math.Min(low, length);
        return (low, Math.Clamp(high, low, length));
    }

    private static (long Slab, int Z, int Y, int X) Split(in WindowIndex index, long i)
    {
        var (slab, rest) = Math.DivRem(i, index.Positions);
        var (z, plane) = Math.DivRem((int)rest, index.Y * index.X);
        var (y, x) = Math.DivRem(plane, index.X);
        return (slab, z, y, x);
    }

    private static int Divisor(int x, int y) => y == 0 ? x : Divisor(y, x % y);

    private void Row(T* row, int from, int step, int length, T* to)
    {
        if (spreadX == 1)
        {
            var (low, high) = Inside(from, step, length, sizeX);
            for (var i = 0; i < low; i++)
                to[i] = T.Zero;
            var source = row + from;
            if (step == 1 && high - low >= 16)
                new Span<T>(source + low, high - low).CopyTo(new Span<T>(to + low, high - low));
            else
                for (var i = low; i < high; i++)
                    to[i] = source[i * step];
            for (var i = high; i < length; i++)
                to[i] = T.Zero;
            return;
        }

        // Every so many steps one meets an element: step · period is the least common multiple of step and spread.
        new Span<T>(to, length).Clear();
        for (var i = 0; i < length && i < spreadX; i++)
        {
            var position = from + i * step;
            if (position % spreadX != 0)
                continue;

            var period = spreadX / Divisor(step, spreadX);
            var index = position / spreadX;
            for (var stride = step * period / spreadX; i < length; i += period, index += stride)
                if ((uint)index < (uint)sizeX)
                    to[i] = row[index];
            return;
        }
    }
}
