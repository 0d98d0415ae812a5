using Noether.Devices;

namespace Noether.Primitives;

/// <summary>
/// Correlation of <c>[N, C, spatial…]</c> with a kernel <c>[O, C / groups, kernel…]</c> over one to three spatial axes, to <c>[N, O, spatial…]</c>:
/// <c>y[n, o, p] = Σ w[o, c, k]·x̂[n, c, p·stride + k·dilation - low]</c>, where x̂ is x with zeros between neighbours and around.
/// </summary>
/// <remarks>
/// Closed under transposition: the cotangent of the input is a convolution with the flipped kernel in which stride and input dilation change
/// places, and that of the kernel is a convolution of the input by the cotangent in which stride and kernel dilation do. Dumoulin and Visin
/// 2016, "A guide to convolution arithmetic for deep learning", section 4, for the relations between sizes.
/// </remarks>
/// <param name="Stride">The step of the kernel over the padded input, for each spatial axis; at least 1.</param>
/// <param name="Low">Zeros before the first element; negative crops.</param>
/// <param name="High">Zeros after the last element; negative crops.</param>
/// <param name="InputDilation">The distance of neighbours of the input; at least 1.</param>
/// <param name="KernelDilation">The distance of neighbours of the kernel; at least 1.</param>
/// <param name="Groups">Channels and features fall into so many parts that do not meet.</param>
public sealed record Convolution(Integers Stride, Integers Low, Integers High, Integers InputDilation, Integers KernelDilation, int Groups)
    : BilinearPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples =>
    [
        Sample([1, 1, 4], [1, 1, 2], new([1], [0], [0], [1], [1], 1)),
        Sample([2, 3, 5], [2, 3, 3], new([2], [1], [2], [1], [1], 1)),
        Sample([1, 4, 5], [2, 2, 2], new([1], [-1], [3], [2], [3], 2)),
        Sample([1, 2, 3, 4], [2, 2, 2, 3], new([1, 2], [1, 0], [0, 1], [1, 1], [2, 1], 1)),
        Sample([2, 2, 3, 3], [2, 1, 2, 2], new([2, 1], [0, 1], [1, -1], [1, 2], [1, 1], 2)),
        Sample([1, 1, 2, 3, 2], [1, 1, 2, 2, 1], new([1, 1, 1], [0, 1, 0], [0, 0, 1], [1, 1, 1], [1, 1, 1], 1)),
        Sample([0, 1, 3], [2, 1, 2], new([1], [0], [0], [1], [1], 1)),
        Sample([2, 1, 1], [2, 1, 3], new([1], [0], [0], [1], [1], 1)),
        Sample([2, 0, 3], [2, 0, 2], new([1], [0], [0], [1], [1], 1)),
    ];

    internal override bool TakesStrides => true;

    internal override TensorType[] Infer(Tensor[] x)
    {
        Shape input = x[0].Shape, weight = x[1].Shape;
        var type = Rules.Number(Name, [x[0].DType, x[1].DType]);
        if (input.Rank != Stride.Count + 2 || weight.Rank != input.Rank)
            throw new ShapeException($"Convolution: {input} by {weight} over {Stride.Count} spatial axes needs [N, C, spatial…] and [O, C / groups, kernel…]");
        if (input[1] != weight[1] * Groups || weight[0] % Groups != 0)
            throw new ShapeException($"Convolution: channels do not fit: {input} by {weight} in {Groups} groups ({input[1]} != {weight[1]}·{Groups}, or {weight[0]} features do not divide)");
        var sizes = new int[input.Rank];
        (sizes[0], sizes[1]) = (input[0], weight[0]);
        for (var axis = 0; axis < Stride.Count; axis++)
        {
            if (weight[axis + 2] == 0) throw new ShapeException($"Convolution: the kernel {weight} is empty");
            var room = Low[axis] + Spread(input[axis + 2], InputDilation[axis]) + High[axis] - Spread(weight[axis + 2], KernelDilation[axis]);
            sizes[axis + 2] = room < 0 ? 0 : room / Stride[axis] + 1;
        }

        return [new([.. sizes], type)];
    }

    internal override Tensor TransposeFirst(Tensor cotangent, Tensor x, Tensor y)
    {
        if (cotangent.Size == 0 || x.Size == 0) return x.ZerosLike();
        int axes = Stride.Count, features = y.Shape[0] / Groups, channels = y.Shape[1];
        int[] low = new int[axes], high = new int[axes];
        for (var axis = 0; axis < axes; axis++)
        {
            var reach = Spread(y.Shape[axis + 2], KernelDilation[axis]) - 1;
            low[axis] = reach - Low[axis];
            high[axis] = Spread(x.Shape[axis + 2], InputDilation[axis]) + reach - low[axis] - Spread(cotangent.Shape[axis + 2], Stride[axis]);
        }

        Shape kernel = y.Shape[2..];
        var flipped = Tensor.Apply(new Flip([.. Enumerable.Range(2, axes)]), y);
        var turned = flipped.Reshape([Groups, features, channels, .. kernel]).SwapAxes(1, 2).Reshape([Groups * channels, features, .. kernel]);
        return Tensor.Apply(new Convolution(InputDilation, [.. low], [.. high], Stride, KernelDilation, Groups), cotangent, turned);
    }

    internal override Tensor TransposeSecond(Tensor cotangent, Tensor x, Tensor y)
    {
        if (cotangent.Size == 0 || y.Size == 0) return y.ZerosLike();
        int axes = Stride.Count, batch = x.Shape[0], channels = y.Shape[1];
        var high = new int[axes];
        for (var axis = 0; axis < axes; axis++)
        {
            high[axis] = Spread(y.Shape[axis + 2], KernelDilation[axis]) - 1 + Spread(cotangent.Shape[axis + 2], Stride[axis])
                - Low[axis] - Spread(x.Shape[axis + 2], InputDilation[axis]);
        }

        // The batch is what the products sum over, so it takes the place of the channels; the channels of a group are a batch of inputs.
        Shape spatial = x.Shape[2..];
        var inputs = x.Reshape([batch, Groups, channels, .. spatial]).MoveAxis(2, 0).SwapAxes(1, 2).Reshape([channels, Groups * batch, .. spatial]);
        var kernels = cotangent.SwapAxes(0, 1);
        return Tensor.Apply(new Convolution(KernelDilation, Low, [.. high], InputDilation, Stride, Groups), inputs, kernels).SwapAxes(0, 1);
    }

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size)
    {
        Tensor input = x[0], weight = x[1];
        if (!batched[1])
        {
            var folded = Tensor.Apply(this, input.Reshape([size * input.Shape[1], .. input.Shape.AsSpan()[2..]]), weight);
            return [folded.Reshape([size, input.Shape[1], .. folded.Shape.AsSpan()[1..]])];
        }

        int axes = Stride.Count, features = weight.Shape[1] / Groups, channels = weight.Shape[2];
        Shape kernel = weight.Shape[3..];
        if (!batched[0])
        {
            // The features of all members stand side by side, group by group.
            var wide = weight.Reshape([size, Groups, features, channels, .. kernel]).SwapAxes(0, 1).Reshape([size * Groups * features, channels, .. kernel]);
            var y = Tensor.Apply(this, input, wide);
            Shape spatial = y.Shape[2..];
            return [y.Reshape([input.Shape[0], Groups, size, features, .. spatial]).MoveAxis(2, 0).Reshape([size, input.Shape[0], Groups * features, .. spatial])];
        }

        // Each member is a group of its own.
        var beside = input.SwapAxes(0, 1).Reshape([input.Shape[1], size * input.Shape[2], .. input.Shape.AsSpan()[3..]]);
        var all = Tensor.Apply(this with { Groups = size * Groups }, beside, weight.Reshape([size * Groups * features, channels, .. kernel]));
        return [all.Reshape([input.Shape[1], size, Groups * features, .. all.Shape.AsSpan()[2..]]).SwapAxes(0, 1)];
    }

    /// <summary>Pads, shows the windows as axes, and multiplies matrices.</summary>
    internal override Tensor[] Definition(Tensor[] x)
    {
        int axes = Stride.Count, features = x[1].Shape[0] / Groups, batch = x[0].Shape[0];
        var type = Infer(x)[0];
        if (type.Shape.Size == 0 || x[0].Size == 0) return [Tensor.Zeros(type.Shape, type.DType, x[0].Device)];
        var windows = Padded(x[0]);
        for (var axis = 0; axis < axes; axis++)
            windows = Tensor.Apply(new SlidingWindows(2 + 2 * axis, x[1].Shape[2 + axis], Stride[axis], KernelDilation[axis]), windows);

        // [N, C, p₀, k₀, p₁, k₁ …] to [C, k₀, k₁ …, N, p₀, p₁ …], then the channels fall into groups.
        windows = windows.Permute([1, .. Enumerable.Range(0, axes).Select(a => 3 + 2 * a), 0, .. Enumerable.Range(0, axes).Select(a => 2 + 2 * a)]);
        var columns = windows.Reshape(Groups, (int)(x[1].Size / Math.Max(1, x[1].Shape[0])), -1);
        var rows = x[1].Reshape(Groups, features, -1);
        var y = rows.MatMul(columns).Reshape([Groups * features, batch, .. type.Shape.AsSpan()[2..]]);
        return [y.SwapAxes(0, 1)];
    }

    internal override bool TakesEpilogue => true;

    internal override void Evaluate(Device device, View[] x, View[] y) => device.Convolve(this, x[0], x[1], y[0]);

    internal override void Evaluate(Device device, View[] x, View[] y, Epilogue epilogue) => device.Convolve(this, x[0], x[1], y[0], epilogue);

    /// <summary>The input with zeros between and around, or cropped.</summary>
    private Tensor Padded(Tensor x)
    {
        Integers low = [0, 0, .. Low], high = [0, 0, .. High], dilation = [0, 0, .. InputDilation.Select(d => d - 1)];
        var padded = Tensor.Apply(new Pad([.. low.Select(l => Math.Max(l, 0))], dilation, [.. high.Select(h => Math.Max(h, 0))]), x);
        Shape kept = [.. Enumerable.Range(0, x.Rank).Select(a => padded.Shape[a] + Math.Min(low[a], 0) + Math.Min(high[a], 0))];
        return Tensor.Apply(new Slice([.. low.Select(l => Math.Max(-l, 0))], Integers.Repeat(1, x.Rank), kept), padded);
    }

    private static int Spread(int size, int dilation) => size == 0 ? 0 : (size - 1) * dilation + 1;

    private static Sample Sample(Shape input, Shape weight, Convolution convolution) =>
        new(convolution, Sampling.Values(input), Sampling.Values(weight, seed: 1));
}
