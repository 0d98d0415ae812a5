namespace Noether.Primitives;

/// <summary>An axis of n as [windows, size]: <c>y[…, i, j, …] = x[…, i·step + j·dilation, …]</c>. A view; windows may overlap.</summary>
/// <param name="Axis">The axis; the positions inside a window follow it.</param>
/// <param name="Size">How many elements a window has; at least 1.</param>
/// <param name="Step">The distance of windows; at least 1.</param>
/// <param name="Dilation">The distance of neighbours inside a window; at least 1.</param>
public sealed record SlidingWindows(int Axis, int Size, int Step, int Dilation) : ViewPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        new(new SlidingWindows(0, 3, 1, 1), Sampling.Values([5])),
        new(new SlidingWindows(1, 2, 2, 1), Sampling.Values([2, 5, 2])),
        new(new SlidingWindows(1, 2, 1, 3), Sampling.Values([2, 7])),
        new(new SlidingWindows(0, 2, 3, 1), Sampling.Values([6, 2])),
        new(new SlidingWindows(0, 3, 1, 1), Sampling.Values([2])),
    ];

    internal override TensorType[] Infer(Tensor[] x) =>
        [new(x[0].Shape.With(Axis, Count(x[0].Shape[Axis])).Insert(Axis + 1, Size), x[0].DType)];

    /// <summary>Overlap-add. Windows side by side are the axis itself; others add at their positions.</summary>
    internal override Tensor Transpose(Tensor cotangent, Tensor x)
    {
        int n = x.Shape[Axis], count = Count(n);
        if (count == 0) return x.ZerosLike();
        if (Dilation == 1 && Step == Size)
        {
            var joined = cotangent.Reshape([.. x.Shape.AsSpan()[..Axis], count * Size, .. x.Shape.AsSpan()[(Axis + 1)..]]);
            var high = new int[x.Rank];
            high[Axis] = n - count * Size;
            return high[Axis] == 0 ? joined : Tensor.Apply(new Pad(Integers.Repeat(0, x.Rank), Integers.Repeat(0, x.Rank), [.. high]), joined);
        }

        return Tensor.Apply(new ScatterAdd(Axis, n), cotangent, Positions(count, x.Device));
    }

    internal override Tensor Batch(Tensor x) => Tensor.Apply(this with { Axis = Axis + 1 }, x);

    internal override Layout AsView(Layout x)
    {
        var strides = x.Strides;
        var count = Count(x.Shape[Axis]);
        return new(
            x.Shape.With(Axis, count).Insert(Axis + 1, Size),
            [.. strides[..Axis], strides[Axis] * Step, strides[Axis] * Dilation, .. strides[(Axis + 1)..]],
            x.Offset);
    }

    /// <summary>The index of each element of each window: [count, size].</summary>
    internal Tensor Positions(int count, Device device) =>
        (Tensor.Arange(count, DType.Int64, device) * Step).Reshape([count, 1]) + (Tensor.Arange(Size, DType.Int64, device) * Dilation).Reshape([1, Size]);

    internal int Count(int n)
    {
        var room = n - ((long)(Size - 1) * Dilation + 1);
        return room < 0 ? 0 : (int)(room / Step) + 1;
    }
}
