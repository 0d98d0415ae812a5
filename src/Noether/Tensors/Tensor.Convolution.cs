using Noether.Primitives;

namespace Noether;

public sealed partial class Tensor
{
    /// <summary>
    /// Convolution (correlation, as in PyTorch) of <c>[N, C, spatial…]</c>, or <c>[C, spatial…]</c>, by <c>[O, C / groups, kernel…]</c>, over one to three
    /// spatial axes: <c>[N, O, (n + 2·padding - dilation·(k - 1) - 1) / stride + 1, …]</c>.
    /// </summary>
    /// <param name="weight">The kernel.</param>
    /// <param name="bias">[O], added to each feature.</param>
    /// <param name="stride">The step of the kernel: one number for all spatial axes or one each; default 1.</param>
    /// <param name="padding">Zeros on both sides; default 0.</param>
    /// <param name="dilation">The distance of neighbours in the kernel; default 1.</param>
    /// <param name="groups">Channels and features fall into so many parts that do not meet.</param>
    /// <exception cref="ShapeException">Shapes or parameters do not fit.</exception>
    public Tensor Convolve(
        Tensor weight, Tensor? bias = null, ReadOnlySpan<int> stride = default, ReadOnlySpan<int> padding = default, ReadOnlySpan<int> dilation = default, int groups = 1)
    {
        var axes = SpatialAxes("Convolve", weight);
        var pad = PerAxis("Convolve", "padding", padding, axes, 0, 0);
        return Convolved("Convolve", weight, bias, PerAxis("Convolve", "stride", stride, axes, 1, 1), pad, pad, PerAxis("Convolve", "dilation", dilation, axes, 1, 1), groups);
    }

    /// <summary>
    /// Convolution at stride 1 that keeps the spatial sizes: <c>dilation·(k - 1)</c> zeros are shared between both sides, the odd one after the last element.
    /// </summary>
    /// <inheritdoc cref="Convolve"/>
    public Tensor ConvolveSame(Tensor weight, Tensor? bias = null, ReadOnlySpan<int> dilation = default, int groups = 1)
    {
        var axes = SpatialAxes("ConvolveSame", weight);
        var spread = PerAxis("ConvolveSame", "dilation", dilation, axes, 1, 1);
        int[] low = new int[axes], high = new int[axes];
        for (var axis = 0; axis < axes; axis++)
        {
            var total = spread[axis] * (weight.Shape[axis + 2] - 1);
            (low[axis], high[axis]) = (total / 2, total - total / 2);
        }

        return Convolved("ConvolveSame", weight, bias, Integers.Repeat(1, axes), [.. low], [.. high], spread, groups);
    }

    /// <summary>
    /// Transposed convolution, as in PyTorch: the linear map whose transpose is <see cref="Convolve"/> with the same parameters. The kernel is
    /// <c>[C, O / groups, kernel…]</c> and spatial sizes become <c>(n - 1)·stride - 2·padding + dilation·(k - 1) + outputPadding + 1</c>.
    /// </summary>
    /// <param name="weight">The kernel.</param>
    /// <param name="bias">[O], added to each feature.</param>
    /// <param name="stride">The distance of the input's neighbours in the output; default 1.</param>
    /// <param name="padding">Elements of the full result cut from both sides; default 0.</param>
    /// <param name="outputPadding">Elements more after the last, less than stride or dilation: the sizes that a strided convolution forgets; default 0.</param>
    /// <param name="dilation">The distance of neighbours in the kernel; default 1.</param>
    /// <param name="groups">Channels and features fall into so many parts that do not meet.</param>
    /// <exception cref="ShapeException">Shapes or parameters do not fit.</exception>
    public Tensor ConvolveTransposed(
        Tensor weight, Tensor? bias = null, ReadOnlySpan<int> stride = default, ReadOnlySpan<int> padding = default,
        ReadOnlySpan<int> outputPadding = default, ReadOnlySpan<int> dilation = default, int groups = 1)
    {
        const string name = "ConvolveTransposed";
        var axes = SpatialAxes(name, weight);
        Integers step = PerAxis(name, "stride", stride, axes, 1, 1), cut = PerAxis(name, "padding", padding, axes, 0, 0);
        Integers more = PerAxis(name, "outputPadding", outputPadding, axes, 0, 0), spread = PerAxis(name, "dilation", dilation, axes, 1, 1);
        int[] low = new int[axes], high = new int[axes];
        for (var axis = 0; axis < axes; axis++)
        {
            if (more[axis] >= Math.Max(step[axis], spread[axis]))
                throw new ShapeException($"{name}: outputPadding {more} must be less than stride {step} or dilation {spread}");
            low[axis] = spread[axis] * (weight.Shape[axis + 2] - 1) - cut[axis];
            high[axis] = low[axis] + more[axis];
        }

        if (Rank > axes && Shape[Rank - axes - 1] != weight.Shape[0]) throw new ShapeException($"{name}: channels do not fit: {Shape} by {weight.Shape}");
        if (groups < 1 || weight.Shape[0] % groups != 0) throw new ShapeException($"{name}: {groups} groups do not divide the channels of {weight.Shape}");
        Shape kernel = weight.Shape[2..];
        int channels = weight.Shape[0] / groups, features = weight.Shape[1];
        var turned = Apply(new Flip([.. Enumerable.Range(2, axes)]), weight)
            .Reshape([groups, channels, features, .. kernel]).SwapAxes(1, 2).Reshape([groups * features, channels, .. kernel]);
        return Convolved(name, turned, bias, Integers.Repeat(1, axes), [.. low], [.. high], spread, groups, step);
    }

    private Tensor Convolved(
        string operation, Tensor weight, Tensor? bias, Integers stride, Integers low, Integers high, Integers dilation, int groups, Integers? inputDilation = null)
    {
        var axes = stride.Count;
        if (Rank == axes + 1) return Unsqueeze(0).Convolved(operation, weight, bias, stride, low, high, dilation, groups, inputDilation).Squeeze(0);
        if (Rank != axes + 2) throw new ShapeException($"{operation}: {Shape} is not [N, C, spatial…] for a kernel {weight.Shape}");
        if (groups < 1 || weight.Shape[1] * groups != Shape[1] || weight.Shape[0] % groups != 0)
            throw new ShapeException($"{operation}: channels do not fit: {Shape} by {weight.Shape} in {groups} groups");
        var type = DTypes.Promote(DTypes.Promote(DType, weight.DType), DType.Int32);
        var y = Apply(new Convolution(stride, low, high, inputDilation ?? Integers.Repeat(1, axes), dilation, groups), To(type), weight.To(type));
        for (var axis = 0; axis < axes; axis++)
        {
            if (y.Shape[axis + 2] == 0)
                throw new ShapeException($"{operation}: the kernel {weight.Shape} with dilation {dilation} is larger than the input {Shape} with padding {low}, {high}");
        }

        if (bias is null) return y;
        if (bias.Rank != 1 || bias.Size != weight.Shape[0]) throw new ShapeException($"{operation}: the bias {bias.Shape} is not [{weight.Shape[0]}]");
        return y + bias.Reshape([bias.Shape[0], .. Enumerable.Repeat(1, axes)]);
    }

    private int SpatialAxes(string operation, Tensor weight) =>
        weight.Rank is >= 3 and <= 5
            ? weight.Rank - 2
            : throw new ShapeException($"{operation}: {Shape} by {weight.Shape}: the kernel needs one to three spatial axes after its first two");

    /// <summary>A parameter for each of some axes, from one for all, one each, or none.</summary>
    private static Integers PerAxis(string operation, string parameter, ReadOnlySpan<int> given, int axes, int otherwise, int least)
    {
        foreach (var item in given)
        {
            if (item < least) throw new ShapeException($"{operation}: {parameter} {item} is less than {least}");
        }

        if (given.Length == axes) return [.. given];
        return given.Length <= 1
            ? Integers.Repeat(given.Length == 0 ? otherwise : given[0], axes)
            : throw new ShapeException($"{operation}: {parameter} has {given.Length} numbers for {axes} spatial axes");
    }
}
