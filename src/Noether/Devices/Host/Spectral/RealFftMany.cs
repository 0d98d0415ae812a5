using System.Numerics;

namespace Noether.Devices.Host;

/// <summary>Real transforms along several neighbouring axes: the last of them by <see cref="RealFft"/>, those before it by <see cref="Fft"/>.</summary>
/// <remarks>
/// Layout: [outer, sizes…, inner] points, [outer, sizes… with n/2 + 1 for the last, inner] coefficients, real and imaginary parts apart.
/// Order:  where there are enough of them each outer index is done whole, all axes one after the other while it is in L2, and different ones
///         side by side; else axis after axis, each on all threads. A 256 x 256 image of floats is 264 KiB of coefficients.
/// Cost:   one pass through memory instead of one for each axis.
/// </remarks>
internal static unsafe class RealFftMany
{
    // Coefficients of one outer index that stay in L2 beside the passes' scratch.
    private const long CachedBytes = 768 << 10;

    public static void Forward<T>(T* x, T* re, T* im, long outer, ReadOnlySpan<int> sizes, long inner, T scale)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        long points = Product(sizes) * inner, kept = points / Math.Max(1, sizes[^1]) * (sizes[^1] / 2 + 1);
        if (Whole<T>(outer, kept, sizes.Length))
            WorkerPool.Shared.For((int)outer, new ForwardBody<T>(x, re, im, points, kept, sizes.ToArray(), inner, scale));
        else
            ForwardAll(x, re, im, outer, sizes, inner, scale);
    }

    /// <summary>The imaginary parts of the coefficients that are their own mirror image along the last axis count as zero once the other axes are done.</summary>
    public static void Inverse<T>(T* re, T* im, T* y, long outer, ReadOnlySpan<int> sizes, long inner, T scale)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        long points = Product(sizes) * inner, kept = points / Math.Max(1, sizes[^1]) * (sizes[^1] / 2 + 1);
        if (Whole<T>(outer, kept, sizes.Length))
            WorkerPool.Shared.For((int)outer, new InverseBody<T>(re, im, y, points, kept, sizes.ToArray(), inner, scale));
        else
            InverseAll(re, im, y, outer, sizes, inner, scale);
    }

    private static bool Whole<T>(long outer, long kept, int axes)
        where T : unmanaged =>
        axes > 1 && outer >= WorkerPool.Shared.Threads && outer <= int.MaxValue && 2 * kept * sizeof(T) <= CachedBytes;

    private static void ForwardAll<T>(T* x, T* re, T* im, long outer, ReadOnlySpan<int> sizes, long inner, T scale)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var leading = Product(sizes[..^1]);
        RealFft.Forward(x, re, im, sizes[^1], outer * leading, inner, scale);
        var after = (sizes[^1] / 2 + 1) * inner;
        for (var axis = sizes.Length - 2; axis >= 0; axis--)
        {
            leading /= Math.Max(1, sizes[axis]);
            Fft.Transform(re, im, re, im, sizes[axis], outer * leading, after, inverse: false, T.One);
            after *= sizes[axis];
        }
    }

    private static void InverseAll<T>(T* re, T* im, T* y, long outer, ReadOnlySpan<int> sizes, long inner, T scale)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        long leading = Product(sizes[..^1]), kept = (sizes[^1] / 2 + 1) * inner;
        if (sizes.Length == 1)
        {
            RealFft.Inverse(re, im, y, sizes[^1], outer, inner, scale);
            return;
        }

        // The coefficients are an operand: the first axis goes into scratch, the others stay there.
        var size = outer * leading * kept;
        using var scratch = Workspace.Rent<T>(2 * size);
        T* ownRe = scratch.As<T>(), ownIm = ownRe + size;
        T* fromRe = re, fromIm = im;
        long before = 1;
        for (var axis = 0; axis < sizes.Length - 1; axis++)
        {
            leading /= Math.Max(1, sizes[axis]);
            Fft.Transform(fromRe, fromIm, ownRe, ownIm, sizes[axis], outer * before, leading * kept, inverse: true, T.One);
            before *= sizes[axis];
            fromRe = ownRe;
            fromIm = ownIm;
        }

        RealFft.Inverse(ownRe, ownIm, y, sizes[^1], outer * before, inner, scale);
    }

    private static long Product(ReadOnlySpan<int> sizes)
    {
        long product = 1;
        foreach (var size in sizes)
            product *= size;
        return product;
    }

    private readonly struct ForwardBody<T>(T* x, T* re, T* im, long points, long kept, int[] sizes, long inner, T scale) : IParallelBody
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Invoke(int index) => ForwardAll(x + index * points, re + index * kept, im + index * kept, 1, sizes, inner, scale);
    }

    private readonly struct InverseBody<T>(T* re, T* im, T* y, long points, long kept, int[] sizes, long inner, T scale) : IParallelBody
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Invoke(int index) => InverseAll(re + index * kept, im + index * kept, y + index * points, 1, sizes, inner, scale);
    }
}
