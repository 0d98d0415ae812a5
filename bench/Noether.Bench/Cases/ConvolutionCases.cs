using static Noether.Transform;

namespace Noether.Bench.Cases;

/// <summary>Convolutions of the usual kinds, a gradient, pooling.</summary>
internal static class ConvolutionCases
{
    public static IEnumerable<Case> All { get; } =
    [
        Convolution("3x3, 32 to 64 channels, 16 of 28x28", [16, 32, 28, 28], [64, 32, 3, 3], padding: 1),
        Convolution("5x5, 1 to 32 channels, 32 of 28x28", [32, 1, 28, 28], [32, 1, 5, 5], padding: 2),
        Convolution("1x1, 128 to 128 channels, 8 of 28x28", [8, 128, 28, 28], [128, 128, 1, 1]),
        Convolution("3x3 by 2, 64 to 128 channels, 8 of 28x28", [8, 64, 28, 28], [128, 64, 3, 3], stride: 2, padding: 1),
        Convolution("3x3 depthwise, 64 channels, 8 of 56x56", [8, 64, 56, 56], [64, 1, 3, 3], padding: 1, groups: 64),
        Convolution("5 along 512, 64 to 64 channels, 16", [16, 64, 512], [64, 64, 5], padding: 2),
        Gradient("gradients of 3x3, 32 to 64 channels, 16 of 28x28", [16, 32, 28, 28], [64, 32, 3, 3]),
        new("convolution", "largest of 2x2, 64 channels, 16 of 56x56", "max-pool", [new([16, 64, 56, 56])], x => () => [x[0].MaxPool([2, 2])])
        {
            Flops = 16 * 64 * 56 * 56 * 0.75,
            Bytes = sizeof(float) * 16 * 64 * 56 * 56 * 1.25,
        },
    ];

    private static Case Convolution(string name, int[] x, int[] w, int stride = 1, int padding = 0, int groups = 1) =>
        Counted(new("convolution", name, "convolution", Operands(x, w), a => () => [a[0].Convolve(a[1], stride: [stride], padding: [padding], groups: groups)])
        {
            Options = [stride, padding, groups],
        }, stride, padding, passes: 1);

    // Both gradients of ½|y|²: the forward pass and two products of its size.
    private static Case Gradient(string name, int[] x, int[] w) =>
        Counted(new("convolution", name, "convolution-gradient", Operands(x, w), a =>
        {
            var both = GradBoth(static (x, w) => x.Convolve(w, padding: [1]).Square().Sum() * 0.5);
            var compiled = Compile((Tensor[] t) =>
            {
                var (dx, dw) = both(t[0], t[1]);
                return [dx, dw];
            });
            return () => compiled(a);
        }), 1, 1, passes: 3);

    private static Operand[] Operands(int[] x, int[] w) => [new(x), new(w, Scale: 1 / Math.Sqrt(new Operand(w).Size / w[0]))];

    private static Case Counted(Case what, int stride, int padding, int passes)
    {
        int[] x = what.Operands[0].Shape, w = what.Operands[1].Shape;
        double positions = 1;
        for (var axis = 2; axis < x.Length; axis++) positions *= (x[axis] + 2 * padding - w[axis]) / stride + 1;
        var result = x[0] * w[0] * positions;
        return what with
        {
            Flops = passes * 2 * result * what.Operands[1].Size / w[0],
            Bytes = passes * sizeof(float) * (what.Operands[0].Size + what.Operands[1].Size + result),
        };
    }
}
