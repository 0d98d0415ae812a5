using Noether.Nn;

namespace Noether.Models.LossLandscapes;

/// <summary>Networks whose landscapes are compared: [batch, channels, height, width] to logits [batch, classes].</summary>
public static class ImageNetworks
{
    /// <summary>The residual network of He et al. for small images: 6n + 2 layers, three stages of n blocks of two 3x3 convolutions.</summary>
    /// <param name="depth">20, 32, 56, 110 …: 6n + 2.</param>
    /// <param name="shortcuts">Whether blocks add what they take; without, the network is as deep but plain.</param>
    /// <param name="channels">Of the images.</param>
    /// <param name="classes">How many classes.</param>
    /// <param name="width">Channels of the first stage; the second has twice, the third four times as many.</param>
    /// <remarks>
    /// Shortcuts that change the shape are 1x1 convolutions with batch normalisation. Source: He et al., Deep residual learning (2016), section 4.2; without
    /// shortcuts: Li et al. (2018), section 5.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The depth is not 6n + 2.</exception>
    public static Module Residual(int depth, bool shortcuts = true, int channels = 3, int classes = 10, int width = 16)
    {
        if (depth < 8 || (depth - 2) % 6 != 0) throw new ArgumentOutOfRangeException(nameof(depth), depth, "Residual: the depth must be 6n + 2: 8, 14, 20, …, 56, 110");
        var modules = new List<Module> { Filters(channels, width), new BatchNorm(width), Activation.Relu };
        var inputs = width;
        for (var stage = 0; stage < 3; stage++)
        {
            for (var block = 0; block < (depth - 2) / 6; block++)
            {
                var (outputs, stride) = (width << stage, stage > 0 && block == 0 ? 2 : 1);
                Module body = new Sequential(Filters(inputs, outputs, stride), new BatchNorm(outputs), Activation.Relu, Filters(outputs, outputs), new BatchNorm(outputs));
                Module? shortcut = inputs == outputs && stride == 1
                    ? null
                    : new Sequential(new Convolution(inputs, outputs, [1, 1]) { Stride = [stride, stride], Bias = false }, new BatchNorm(outputs));
                modules.Add(shortcuts ? new Residual(body, shortcut) : body);
                modules.Add(Activation.Relu);
                inputs = outputs;
            }
        }

        return new Sequential([.. modules, Mean, new Linear(inputs, classes)]);
    }

    /// <summary>The residual network with a number of times the filters in every layer: Wide-ResNet-56 of Li et al. with factors 1, 2, 4, 8.</summary>
    /// <param name="depth">6n + 2.</param>
    /// <param name="factor">How many times 16, 32 and 64 channels.</param>
    /// <param name="shortcuts">Whether blocks add what they take.</param>
    /// <param name="channels">Of the images.</param>
    /// <param name="classes">How many classes.</param>
    /// <remarks>Source: Li et al. (2018), section 5, figure 6; after Zagoruyko and Komodakis, "Wide residual networks" (2016).</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The depth is not 6n + 2, or the factor is not positive.</exception>
    public static Module WideResidual(int depth, int factor, bool shortcuts = true, int channels = 3, int classes = 10)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factor);
        return Residual(depth, shortcuts, channels, classes, 16 * factor);
    }

    /// <summary>The densely connected network for small images: in a block every layer sees the channels of all before it.</summary>
    /// <param name="blocks">How many layers each block has; between blocks half of the channels and half of the resolution go.</param>
    /// <param name="growth">Channels that a layer adds; the first convolution has twice as many.</param>
    /// <param name="channels">Of the images.</param>
    /// <param name="classes">How many classes.</param>
    /// <remarks>
    /// A layer is a 1x1 convolution to four times the growth and a 3x3 convolution, each behind batch normalisation and a rectifier; a transition is a 1x1 convolution and 2x2 average
    /// pooling. Source: Huang et al., "Densely connected convolutional networks" (2017), section 3, DenseNet-BC.
    /// </remarks>
    /// <exception cref="ArgumentException">There is no block, or one has no layer.</exception>
    public static Module Dense(IReadOnlyList<int> blocks, int growth = 12, int channels = 3, int classes = 10)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        if (blocks.Count == 0 || blocks.Any(static layers => layers < 1)) throw new ArgumentException($"Dense: blocks [{string.Join(", ", blocks)}] need one layer or more each", nameof(blocks));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(growth);
        var width = 2 * growth;
        var modules = new List<Module> { Filters(channels, width) };
        for (var block = 0; block < blocks.Count; block++)
        {
            if (block > 0)
            {
                modules.AddRange([new BatchNorm(width), Activation.Relu, Pointwise(width, width / 2), new AveragePool([2, 2])]);
                width /= 2;
            }

            for (var layer = 0; layer < blocks[block]; layer++, width += growth)
            {
                modules.Add(new Concatenation(new Sequential(
                    new BatchNorm(width), Activation.Relu, Pointwise(width, 4 * growth), new BatchNorm(4 * growth), Activation.Relu, Filters(4 * growth, growth))));
            }
        }

        return new Sequential([.. modules, new BatchNorm(width), Activation.Relu, Mean, new Linear(width, classes)]);
    }

    /// <summary>DenseNet-121 for small images: blocks of 6, 12, 24 and 16 layers. Li et al. draw it as the smoothest surface.</summary>
    /// <param name="growth">Channels that a layer adds.</param>
    /// <param name="channels">Of the images.</param>
    /// <param name="classes">How many classes.</param>
    /// <remarks>Source: Huang et al. (2017), table 1, without the first strided convolution and pooling; Li et al. (2018), section 5.</remarks>
    public static Module DenseNet121(int growth = 32, int channels = 3, int classes = 10) => Dense([6, 12, 24, 16], growth, channels, classes);

    /// <summary>Nine layers of 3x3 convolutions and pooling, as Li et al. draw them under small and large batches.</summary>
    /// <param name="channels">Of the images.</param>
    /// <param name="classes">How many classes.</param>
    /// <param name="width">Channels of the first layer; each pooling doubles them, up to four times.</param>
    /// <remarks>Source: Li et al. (2018), section 3; Simonyan and Zisserman (2015).</remarks>
    public static Module Vgg9(int channels = 3, int classes = 10, int width = 64)
    {
        var modules = new List<Module>();
        var inputs = channels;
        foreach (var factor in (ReadOnlySpan<int>)[1, 0, 2, 0, 4, 4, 0, 4, 4])
        {
            if (factor == 0)
            {
                modules.Add(new MaxPool([2, 2]));
                continue;
            }

            modules.AddRange([Filters(inputs, factor * width), new BatchNorm(factor * width), Activation.Relu]);
            inputs = factor * width;
        }

        return new Sequential([.. modules, Mean, new Linear(inputs, inputs), Activation.Relu, new Linear(inputs, classes)]);
    }

    /// <summary>Two 3x3 convolutions with batch normalisation and pooling, for small images.</summary>
    /// <param name="channels">Of the images.</param>
    /// <param name="classes">How many classes.</param>
    public static Module Small(int channels = 1, int classes = 10) => new Sequential(
        Filters(channels, 16), new BatchNorm(16), Activation.Relu, new MaxPool([2, 2]), Filters(16, 32), new BatchNorm(32), Activation.Relu, Mean, new Linear(32, classes));

    /// <summary>Dense layers of one width, with or without shortcuts around pairs of them.</summary>
    /// <param name="inputs">Pixels times channels.</param>
    /// <param name="pairs">Pairs of hidden layers behind the first.</param>
    /// <param name="shortcuts">Whether each pair adds what it takes.</param>
    /// <param name="width">Of all hidden layers.</param>
    /// <param name="classes">How many classes.</param>
    public static Module Perceptron(int inputs, int pairs = 5, bool shortcuts = true, int width = 64, int classes = 10)
    {
        var modules = new List<Module> { Activation.Flatten, new Linear(inputs, width), Activation.Relu };
        for (var pair = 0; pair < pairs; pair++)
        {
            Module body = new Sequential(new Linear(width, width), Activation.Relu, new Linear(width, width));
            modules.Add(shortcuts ? new Residual(body) : body);
            modules.Add(Activation.Relu);
        }

        return new Sequential([.. modules, new Linear(width, classes)]);
    }

    private static Activation Mean { get; } = new("Mean", static x => x.Mean([2, 3]));

    private static Convolution Pointwise(int inputs, int outputs) => new(inputs, outputs, [1, 1]) { Bias = false, WeightInitializer = Initializer.HeNormal() };

    private static Convolution Filters(int inputs, int outputs, int stride = 1) =>
        new(inputs, outputs, [3, 3]) { Stride = [stride, stride], Padding = [1, 1], Bias = false, WeightInitializer = Initializer.HeNormal() };
}
