using Noether.Models.LossLandscapes;
using Noether.Nn;

namespace Noether.Examples.LossLandscape;

/// <summary>The networks whose landscapes are drawn, for grey images of 28 x 28.</summary>
internal static class Networks
{
    private const int Pixels = 28 * 28;

    /// <summary>Makes a network of some width; 0: its own.</summary>
    public static IReadOnlyDictionary<string, Func<int, Module>> ByName { get; } = new Dictionary<string, Func<int, Module>>
    {
        ["small"] = static width => width == 0 ? ImageNetworks.Small() : throw new UsageException("--width: small has one width; residual and dense networks, mlp and vgg9 take others"),
        ["mlp"] = static width => ImageNetworks.Perceptron(Pixels, width: Or(width, 64)),
        ["mlp-noshort"] = static width => ImageNetworks.Perceptron(Pixels, shortcuts: false, width: Or(width, 64)),
        ["resnet8"] = static width => Residual(8, true, width),
        ["resnet8-noshort"] = static width => Residual(8, false, width),
        ["resnet20"] = static width => Residual(20, true, width),
        ["resnet20-noshort"] = static width => Residual(20, false, width),
        ["resnet56"] = static width => Residual(56, true, width),
        ["resnet56-noshort"] = static width => Residual(56, false, width),
        ["resnet110"] = static width => Residual(110, true, width),
        ["resnet110-noshort"] = static width => Residual(110, false, width),
        ["wide-resnet56x2"] = static width => Wide(2, true, width),
        ["wide-resnet56x4"] = static width => Wide(4, true, width),
        ["wide-resnet56x8"] = static width => Wide(8, true, width),
        ["wide-resnet56x2-noshort"] = static width => Wide(2, false, width),
        ["wide-resnet56x4-noshort"] = static width => Wide(4, false, width),
        ["wide-resnet56x8-noshort"] = static width => Wide(8, false, width),
        ["densenet"] = static width => ImageNetworks.Dense([4, 4, 4], Or(width, 12), channels: 1),
        ["densenet121"] = static width => ImageNetworks.DenseNet121(Or(width, 32), channels: 1),
        ["vgg9"] = static width => ImageNetworks.Vgg9(channels: 1, width: Or(width, 32)),
    };

    private static Module Residual(int depth, bool shortcuts, int width) => ImageNetworks.Residual(depth, shortcuts, channels: 1, width: Or(width, 16));

    private static Module Wide(int factor, bool shortcuts, int width) => width == 0
        ? ImageNetworks.WideResidual(56, factor, shortcuts, channels: 1)
        : throw new UsageException("--width: wide networks have their width in their name; resnet56 takes any");

    private static int Or(int width, int own) => width == 0 ? own : width;
}
