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
/// <param name="Apart">
/// The groups have an axis of their own before all others: <c>[G, N, C, spatial…]</c> by <c>[G, O, C, kernel…]</c> to <c>[G, N, O, spatial…]</c>; so a batch
/// of convolutions with a kernel each needs no copies.
/// </param>
public sealed record Convolution(
    Integers Stride, Integers Low, Integers High, Integers InputDilation, Integers KernelDilation, int Groups, bool Apart = false)
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
        Sample([2, 1, 2, 5], [2, 3, 2, 3], new([2], [1], [1], [1], [1], 2, Apart: true)),
        Sample([3, 2, 1, 3, 2], [3, 1, 1, 2, 2], new([1, 1], [1, 0], [0, 1], [1, 2], [1, 1], 3, Apart: true)),
    ];

    /// <summary>How many axes lie before the spatial ones.</summary>
    internal int FirstSpatialAxis => Apart ? 3 : 2;

    internal override bool TakesStrides => true;

    internal override TensorType[] Infer(Tensor[] x)
    {
        Shape input = x[0].Shape, weight = x[1].Shape;
        var type = Rules.Number(Name, [x[0].DType, x[1].DType]);
        if (Apart) return [new(ShapeApart(input, weight), type)];
        if (input.Rank != Stride.Count + 2 || weight.Rank != input.Rank)
            throw new ShapeException($"Convolution: {input} by {weight} over {Stride.Count} spatial axes needs [N, C, spatial…] and [O, C / groups, kernel…]");
        if (input[1] != weight[1] * Groups || weight[0] % Groups != 0)
            throw new ShapeException($"Convolution: channels do not fit: {input} by {weight} in {Groups} groups ({input[1]} != {weight[1]}·{Groups}, or {weight[0]} features do not divide)");
        return [new([input[0], weight[0], .. Positions(input, weight)], type)];
    }

    internal override Tensor TransposeFirst(Tensor cotangent, Tensor x, Tensor y)
    {
        if (cotangent.Size == 0 || x.Size == 0) return x.ZerosLike();
        int axes = Stride.Count, first = FirstSpatialAxis;
        int[] low = new int[axes], high = new int[axes];
        for (var axis = 0; axis < axes; axis++)
        {
            var reach = Spread(y.Shape[first + axis], KernelDilation[axis]) - 1;
            low[axis] = reach - Low[axis];
            high[axis] = Spread(x.Shape[first + axis], InputDilation[axis]) + reach - low[axis] - Spread(cotangent.Shape[first + axis], Stride[axis]);
        }

        var transposed = new Convolution(InputDilation, [.. low], [.. high], Stride, KernelDilation, Groups, Apart);
        var flipped = Tensor.Apply(new Flip([.. Enumerable.Range(first, axes)]), y);
        if (Apart) return Tensor.Apply(transposed, cotangent, flipped.SwapAxes(1, 2));
        int features = y.Shape[0] / Groups, channels = y.Shape[1];
        Shape kernel = y.Shape[2..];
        var turned = flipped.Reshape([Groups, features, channels, .. kernel]).SwapAxes(1, 2).Reshape([Groups * channels, features, .. kernel]);
        return Tensor.Apply(transposed, cotangent, turned);
    }

    internal override Tensor TransposeSecond(Tensor cotangent, Tensor x, Tensor y)
    {
        if (cotangent.Size == 0 || y.Size == 0) return y.ZerosLike();
        int axes = Stride.Count, first = FirstSpatialAxis;
        var high = new int[axes];
        for (var axis = 0; axis < axes; axis++)
        {
            high[axis] = Spread(y.Shape[first + axis], KernelDilation[axis]) - 1 + Spread(cotangent.Shape[first + axis], Stride[axis])
                - Low[axis] - Spread(x.Shape[first + axis], InputDilation[axis]);
        }

        // The batch is what the products sum over, so it takes the place of the channels; the channels of a group are a batch of inputs.
        var transposed = new Convolution(KernelDilation, Low, [.. high], InputDilation, Stride, Groups, Apart);
        if (Apart) return Tensor.Apply(transposed, x.SwapAxes(1, 2), cotangent.SwapAxes(1, 2)).SwapAxes(1, 2);
        int batch = x.Shape[0], channels = y.Shape[1];
        Shape spatial = x.Shape[2..];
        var inputs = x.Reshape([batch, Groups, channels, .. spatial]).MoveAxis(2, 0).SwapAxes(1, 2).Reshape([channels, Groups * batch, .. spatial]);
        var kernels = cotangent.SwapAxes(0, 1);
        return Tensor.Apply(transposed, inputs, kernels).SwapAxes(0, 1);
    }

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size)
    {
        Tensor input = x[0], weight = x[1];
        if (Apart) return [BatchApart(input, weight, batched, size)];
        if (batched[0] && batched[1] && Groups == 1) return [Tensor.Apply(this with { Groups = size, Apart = true }, input, weight)];
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

        // Each member is groups of its own.
        var beside = input.SwapAxes(0, 1).Reshape([input.Shape[1], size * input.Shape[2], .. input.Shape.AsSpan()[3..]]);
        var all = Tensor.Apply(this with { Groups = size * Groups }, beside, weight.Reshape([size * Groups * features, channels, .. kernel]));
        return [all.Reshape([input.Shape[1], size, Groups * features, .. all.Shape.AsSpan()[2..]]).SwapAxes(0, 1)];
    }

    /// <summary>Pads, shows the windows as axes, and multiplies matrices.</summary>
    internal override Tensor[] Definition(Tensor[] x)
    {
        var type = Infer(x)[0];
        if (type.Shape.Size == 0 || x[0].Size == 0) return [Tensor.Zeros(type.Shape, type.DType, x[0].Device)];
        if (Apart)
        {
            var (input, weight) = (x[0], x[1]);
            var beside = input.SwapAxes(0, 1).Reshape([input.Shape[1], Groups * input.Shape[2], .. input.Shape.AsSpan()[3..]]);
            var all = (this with { Apart = false }).Definition([beside, weight.Reshape([Groups * weight.Shape[1], .. weight.Shape.AsSpan()[2..]])])[0];
            return [all.Reshape([input.Shape[1], Groups, weight.Shape[1], .. all.Shape.AsSpan()[2..]]).SwapAxes(0, 1)];
        }

        int axes = Stride.Count, features = x[1].Shape[0] / Groups, batch = x[0].Shape[0];
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

    private Tensor BatchApart(Tensor input, Tensor weight, bool[] batched, int size)
    {
        if (batched[0] && batched[1])
        {
            var all = Tensor.Apply(
                this with { Groups = size * Groups },
                input.Reshape([size * Groups, .. input.Shape.AsSpan()[2..]]), weight.Reshape([size * Groups, .. weight.Shape.AsSpan()[2..]]));
            return all.Reshape([size, Groups, .. all.Shape.AsSpan()[1..]]);
        }

        if (batched[0])
        {
            // More images of each group.
            var images = input.Shape[2];
            var folded = Tensor.Apply(this, input.SwapAxes(0, 1).Reshape([Groups, size * images, .. input.Shape.AsSpan()[3..]]), weight);
            return folded.Reshape([Groups, size, images, .. folded.Shape.AsSpan()[2..]]).SwapAxes(0, 1);
        }

        // More features of each group.
        var features = weight.Shape[2];
        var y = Tensor.Apply(this, input, weight.SwapAxes(0, 1).Reshape([Groups, size * features, .. weight.Shape.AsSpan()[3..]]));
        return y.Reshape([Groups, y.Shape[1], size, features, .. y.Shape.AsSpan()[3..]]).MoveAxis(2, 0);
    }

    private Shape ShapeApart(Shape input, Shape weight)
    {
        if (input.Rank != Stride.Count + 3 || weight.Rank != input.Rank)
            throw new ShapeException($"Convolution: {input} by {weight} over {Stride.Count} spatial axes needs [G, N, C, spatial…] and [G, O, C, kernel…]");
        if (input[0] != Groups || weight[0] != Groups || input[2] != weight[2])
            throw new ShapeException($"Convolution: groups or channels do not fit: {input} by {weight} in {Groups} groups");
        return [Groups, input[1], weight[1], .. Positions(input, weight)];
    }

    // The spatial sizes of the output.
    private int[] Positions(Shape input, Shape weight)
    {
        var sizes = new int[Stride.Count];
        for (var axis = 0; axis < sizes.Length; axis++)
        {
            int points = input[FirstSpatialAxis + axis], taps = weight[FirstSpatialAxis + axis];
            if (taps == 0) throw new ShapeException($"Convolution: the kernel {weight} is empty");
            var room = Low[axis] + Spread(points, InputDilation[axis]) + High[axis] - Spread(taps, KernelDilation[axis]);
            sizes[axis] = room < 0 ? 0 : room / Stride[axis] + 1;
        }

        return sizes;
    }

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
