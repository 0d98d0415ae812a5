using Noether.Peers.Tests.Oracle;
using static Noether.Peers.Tests.Oracle.Domain;
using static TorchSharp.torch.nn.functional;
using TorchTensor = TorchSharp.torch.Tensor;

namespace Noether.Peers.Tests.Operations;

internal static class ConvolutionOperations
{
    private delegate TorchTensor Convolve(TorchTensor x, TorchTensor w, TorchTensor bias, long[] stride, long[] padding, long[] more, long[] dilation, long groups);

    public static IEnumerable<Operation> All { get; } =
    [
        Convolution("convolution 1-D", 1, static (x, w, b, s, p, _, e, g) => conv1d(x, w, b, s[0], p[0], e[0], g)),
        Convolution("convolution 2-D", 2, static (x, w, b, s, p, _, e, g) => conv2d(x, w, b, s, p, e, g)),
        Convolution("convolution 3-D", 3, static (x, w, b, s, p, _, e, g) => conv3d(x, w, b, s, p, e, g)),
        Transposed("transposed convolution 1-D", 1, static (x, w, b, s, p, m, e, g) => conv_transpose1d(x, w, b, s[0], p[0], m[0], e[0], g)),
        Transposed("transposed convolution 2-D", 2, static (x, w, b, s, p, m, e, g) => conv_transpose2d(x, w, b, s, p, m, e, g)),
        Transposed("transposed convolution 3-D", 3, static (x, w, b, s, p, m, e, g) => conv_transpose3d(x, w, b, s, p, m, e, g)),
        new("max pooling", static d =>
        {
            var (size, step, pad, spread, ceiling) = (d.Next(2, 3), d.Next(1, 3), d.Next(0, 1), d.Next(1, 2), d.Flip());
            return new([Picture(d)],
                x => x[0].MaxPool([size, size], [step], [pad], [spread], ceiling),
                x => max_pool2d(x[0], [size, size], [step, step], [pad, pad], [spread, spread], ceiling));
        }),
        new("average pooling", static d =>
        {
            var (size, step, pad, ceiling, counts) = (d.Next(2, 3), d.Next(1, 3), d.Next(0, 1), d.Flip(), d.Flip());
            return new([Picture(d)],
                x => x[0].AveragePool([size, size], [step], [pad], ceiling, counts),
                x => avg_pool2d(x[0], [size, size], [step, step], [pad, pad], ceiling, counts));
        }),
        new("adaptive max pooling", static d =>
        {
            var (a, b) = (d.Next(1, 5), d.Next(1, 5));
            return new([Picture(d)], x => x[0].AdaptiveMaxPool(a, b), x => adaptive_max_pool2d(x[0], [a, b]));
        }),
        new("adaptive average pooling", static d =>
        {
            var (a, b) = (d.Next(1, 5), d.Next(1, 5));
            return new([Picture(d)], x => x[0].AdaptiveAveragePool(a, b), x => adaptive_avg_pool2d(x[0], [a, b]));
        }),
        Resized("bilinear resize", Interpolation.Linear, TorchSharp.torch.InterpolationMode.Bilinear, false),
        Resized("bilinear resize, aligned", Interpolation.Linear, TorchSharp.torch.InterpolationMode.Bilinear, true),
        Resized("nearest resize", Interpolation.Nearest, TorchSharp.torch.InterpolationMode.Nearest, null),
    ];

    private static Operand Picture(Draw d) => d.Operand([d.Next(1, 2), d.Next(1, 3), d.Next(5, 8), d.Next(5, 8)], Real, distinct: true);

    private static Operation Resized(string name, Interpolation ours, TorchSharp.torch.InterpolationMode theirs, bool? aligned) => new(name, d =>
    {
        var (a, b) = (d.Next(1, 11), d.Next(1, 11));
        return new([Picture(d)], x => x[0].Resize([a, b], ours, aligned ?? false), x => interpolate(x[0], [a, b], mode: theirs, align_corners: aligned));
    });

    private static Operation Convolution(string name, int axes, Convolve theirs) => new(name, d =>
    {
        var (groups, stride, padding, dilation) = (d.Next(1, 2), Each(d, axes, 1, 2), Each(d, axes, 0, 2), Each(d, axes, 1, 2));
        int channels = groups * d.Next(1, 2), features = groups * d.Next(1, 2);
        int[] kernel = Each(d, axes, 1, 3), space = Each(d, axes, 5, 7);
        return new(
            [d.Operand([d.Next(1, 2), channels, .. space], Real), d.Operand([features, channels / groups, .. kernel], Real), d.Operand([features], Real)],
            x => x[0].Convolve(x[1], x[2], stride, padding, dilation, groups),
            x => InFloat64(x, y => theirs(y[0], y[1], y[2], Long(stride), Long(padding), [], Long(dilation), groups)));
    })
    { Slack = 2 };

    private static Operation Transposed(string name, int axes, Convolve theirs) => new(name, d =>
    {
        var (groups, stride, padding, dilation) = (d.Next(1, 2), Each(d, axes, 1, 3), Each(d, axes, 0, 1), Each(d, axes, 1, 2));
        var more = stride.Select((s, i) => d.Next(0, Math.Max(s, dilation[i]) - 1)).ToArray();
        int channels = groups * d.Next(1, 2), features = groups * d.Next(1, 2);
        int[] kernel = Each(d, axes, 2, 3), space = Each(d, axes, 2, 4);
        return new(
            [d.Operand([d.Next(1, 2), channels, .. space], Real), d.Operand([channels, features / groups, .. kernel], Real), d.Operand([features], Real)],
            x => x[0].ConvolveTransposed(x[1], x[2], stride, padding, more, dilation, groups),
            x => InFloat64(x, y => theirs(y[0], y[1], y[2], Long(stride), Long(padding), Long(more), Long(dilation), groups)));
    })
    { Slack = 2 };

    // libtorch 2.10 leaves float32 to oneDNN, which on Zen 5 gives wrong values and gradients for some of these sizes; float64 runs in loops of its own.
    private static TorchTensor InFloat64(TorchTensor[] x, Func<TorchTensor[], TorchTensor> theirs) =>
        theirs(Array.ConvertAll(x, static t => t.to(TorchSharp.torch.float64))).to(x[0].dtype);

    private static int[] Each(Draw d, int axes, int low, int high) => [.. Enumerable.Range(0, axes).Select(_ => d.Next(low, high))];

    private static long[] Long(int[] sizes) => Array.ConvertAll(sizes, static n => (long)n);
}
