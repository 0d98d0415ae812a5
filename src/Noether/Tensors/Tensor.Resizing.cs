using Noether.Primitives;

namespace Noether;

public sealed partial class Tensor
{
    /// <summary>Other sizes of the last axes, by interpolation (PyTorch's <c>interpolate</c>, without antialiasing).</summary>
    /// <param name="sizes">The sizes of the last axes in the result: two for an image.</param>
    /// <param name="interpolation">Nearest element, or linear along each axis.</param>
    /// <param name="alignCorners">
    /// Whether the centres of the first and last elements map to each other; else their outer edges do. Only for linear interpolation.
    /// </param>
    /// <exception cref="ShapeException">More sizes than axes, a size below 1, or an empty axis.</exception>
    public Tensor Resize(ReadOnlySpan<int> sizes, Interpolation interpolation = Interpolation.Linear, bool alignCorners = false)
    {
        if (sizes.Length > Rank) throw new ShapeException($"Resize: {Shape} has fewer axes than [{string.Join(", ", sizes.ToArray())}]");
        var y = interpolation == Interpolation.Linear ? Floating() : this;
        for (var i = 0; i < sizes.Length; i++)
        {
            var axis = Rank - sizes.Length + i;
            int n = Shape[axis], size = sizes[i];
            if (size < 1 || n < 1) throw new ShapeException($"Resize: axis {axis} of {Shape} cannot become {size}");
            if (size != n) y = interpolation == Interpolation.Linear ? Interpolated(y, axis, n, size, alignCorners) : Nearest(y, axis, n, size);
        }

        return y;
    }

    private static Tensor Nearest(Tensor x, int axis, int n, int size)
    {
        var index = new long[size];
        for (var i = 0; i < size; i++) index[i] = (long)i * n / size;
        return Apply(new Take(axis), x, From(index, null, x.Device));
    }

    private static Tensor Interpolated(Tensor x, int axis, int n, int size, bool alignCorners)
    {
        long[] before = new long[size], after = new long[size];
        var weights = new double[size];
        for (var i = 0; i < size; i++)
        {
            var at = alignCorners ? (size == 1 ? 0 : i * (n - 1.0) / (size - 1)) : Math.Max(0, (i + 0.5) * n / size - 0.5);
            before[i] = Math.Min((long)at, n - 1);
            after[i] = Math.Min(before[i] + 1, n - 1);
            weights[i] = at - before[i];
        }

        var weight = From(weights, [size, .. Enumerable.Repeat(1, x.Rank - 1 - axis)], x.Device).To(x.DType);
        var low = Apply(new Take(axis), x, From(before, null, x.Device));
        var high = Apply(new Take(axis), x, From(after, null, x.Device));
        return low + (high - low) * weight;
    }
}
