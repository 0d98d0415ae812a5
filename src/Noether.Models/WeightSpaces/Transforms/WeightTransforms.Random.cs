using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <content>Random changes, drawn for each network of a batch by itself; and noise, which changes the function.</content>
public static partial class WeightTransforms
{
    /// <summary>Hidden neurons in a random order. The function stays the same.</summary>
    public static WeightFeatures RandomOrders(WeightFeatures x, RandomKey key) =>
        PermuteNeurons(x, Draw(x, key, static (k, shape, type) => k.Uniform(shape, type: type).ArgSort(-1)));

    /// <summary>Half of the hidden neurons with the other sign. Networks of sines or of tanh stay the same function.</summary>
    public static WeightFeatures RandomSigns(WeightFeatures x, RandomKey key) =>
        ScaleNeurons(x, Draw(x, key, static (k, shape, type) => 1 - 2 * k.Bernoulli(shape).To(type)));

    /// <summary>Phases of hidden sines advanced by up to so many half periods, either way. The function stays the same.</summary>
    /// <param name="x">Networks of sines.</param>
    /// <param name="key">Decides them.</param>
    /// <param name="options">Say ω.</param>
    /// <param name="most">The most half periods.</param>
    public static WeightFeatures RandomPhases(WeightFeatures x, RandomKey key, SirenOptions options, int most = 1) =>
        ShiftPhases(x, Draw(x, key, (k, shape, _) => k.Integers(shape, -most, most + 1)), options);

    /// <summary>Hidden neurons times exp(spread·normal number). Networks of ReLU stay the same function.</summary>
    public static WeightFeatures RandomScales(WeightFeatures x, RandomKey key, double spread) =>
        ScaleNeurons(x, Draw(x, key, (k, shape, type) => k.Normal(shape, 0, spread, type).Exp()));

    /// <summary>Half of the networks with a coordinate negated.</summary>
    public static WeightFeatures RandomFlips(WeightFeatures x, RandomKey key, int coordinate)
    {
        ArgumentNullException.ThrowIfNull(x);
        var both = Tensor.Stack(0, Tensor.Eye(x.Spec.Widths[0], x.Biases[0].DType, x.Biases[0].Device), Reflection(x, coordinate));
        return MapInputs(x, both.Take(key.Integers([x.Batch], 0, 2)));
    }

    /// <summary>Each network turned by none to three quarters.</summary>
    /// <exception cref="ShapeException">The networks do not take two coordinates.</exception>
    public static WeightFeatures RandomQuarterTurns(WeightFeatures x, RandomKey key)
    {
        ArgumentNullException.ThrowIfNull(x);
        return MapInputs(x, Turns(x).Take(key.Integers([x.Batch], 0, 4)));
    }

    /// <summary>Each network shifted by up to so much in every coordinate, either way.</summary>
    public static WeightFeatures RandomShifts(WeightFeatures x, RandomKey key, double most)
    {
        ArgumentNullException.ThrowIfNull(x);
        return ShiftInputs(x, key.Uniform([x.Batch, x.Spec.Widths[0]], -most, most, x.Biases[0].DType));
    }

    /// <summary>Coordinates of each network times a number from an interval.</summary>
    public static WeightFeatures RandomZooms(WeightFeatures x, RandomKey key, double low, double high)
    {
        ArgumentNullException.ThrowIfNull(x);
        var (type, device) = (x.Biases[0].DType, x.Biases[0].Device);
        return MapInputs(x, key.Uniform([x.Batch, 1, 1], low, high, type) * Tensor.Eye(x.Spec.Widths[0], type, device));
    }

    /// <summary>Outputs of each network times a number, plus a number: contrast and brightness.</summary>
    /// <param name="x">The networks.</param>
    /// <param name="key">Decides both.</param>
    /// <param name="low">The least factor.</param>
    /// <param name="high">The greatest factor.</param>
    /// <param name="most">The most that is added, either way.</param>
    public static WeightFeatures RandomContrasts(WeightFeatures x, RandomKey key, double low, double high, double most = 0)
    {
        ArgumentNullException.ThrowIfNull(x);
        var (first, second) = key.Split();
        var (type, device, outputs) = (x.Biases[0].DType, x.Biases[0].Device, x.Spec.Widths[^1]);
        return MapOutputs(
            x, first.Uniform([x.Batch, 1, 1], low, high, type) * Tensor.Eye(outputs, type, device), second.Uniform([x.Batch, 1], -most, most, type).BroadcastTo([x.Batch, outputs]));
    }

    /// <summary>Every entry plus a normal number.</summary>
    /// <param name="x">The networks.</param>
    /// <param name="key">Decides the numbers.</param>
    /// <param name="deviation">Their standard deviation.</param>
    public static WeightFeatures AddNoise(WeightFeatures x, RandomKey key, double deviation)
    {
        ArgumentNullException.ThrowIfNull(x);
        var keys = key.Split(2 * x.Spec.Layers);
        return x.WithLeaves([.. x.Leaves.Select((t, i) => t + keys[i].Normal(t.Shape, 0, deviation, t.DType))]);
    }

    /// <summary>Every entry zero with a probability, the others scaled so that the mean stays.</summary>
    public static WeightFeatures DropEntries(WeightFeatures x, RandomKey key, double probability) =>
        new WeightDropout(probability).Apply(Parameters.Empty, x, Context.ForTraining(key));

    private static Tensor[] Draw(WeightFeatures x, RandomKey key, Func<RandomKey, Shape, DType, Tensor> draw)
    {
        ArgumentNullException.ThrowIfNull(x);
        var keys = key.Split(x.Spec.Layers);
        return [.. Enumerable.Range(0, x.Spec.Layers - 1).Select(i => draw(keys[i], [x.Batch, x.Spec.Widths[i + 1]], x.Biases[0].DType))];
    }
}
