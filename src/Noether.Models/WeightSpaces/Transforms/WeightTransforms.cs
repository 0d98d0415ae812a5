namespace Noether.Models.WeightSpaces;

/// <summary>
/// Changes of a network's weights whose effect on its function is known exactly: augmentation without fitting again, and the symmetries of weights.
/// </summary>
/// <remarks>
/// Networks f are those of raw weights [batch, 1, …]; with more channels, as the networks of an image's patches, all are changed alike. Numbers that are
/// tensors may differ between networks: their axis 0 is then the batch. Every change is differentiable.
/// </remarks>
public static partial class WeightTransforms
{
    /// <summary>f(R·x): of the coordinates of an image, rotations, reflections, shears.</summary>
    /// <param name="x">The networks.</param>
    /// <param name="map">R: [n_0, n_0], or [batch, n_0, n_0].</param>
    /// <exception cref="ShapeException">The map does not fit.</exception>
    public static WeightFeatures MapInputs(WeightFeatures x, Tensor map)
    {
        ArgumentNullException.ThrowIfNull(x);
        var matrices = Each(x, map, nameof(MapInputs), x.Spec.Widths[0], x.Spec.Widths[0]);
        return x.Map((i, w) => i == 0 ? w.MatMul(matrices.To(w.DType)) : w, static (_, b) => b);
    }

    /// <summary>f with a coordinate negated: for an image, 0 exchanges top and bottom, 1 left and right.</summary>
    public static WeightFeatures Flip(WeightFeatures x, int coordinate)
    {
        ArgumentNullException.ThrowIfNull(x);
        return MapInputs(x, Reflection(x, coordinate));
    }

    /// <summary>f turned counterclockwise by quarters, as NumPy's <c>rot90</c> turns the image.</summary>
    /// <exception cref="ShapeException">The networks do not take two coordinates.</exception>
    public static WeightFeatures QuarterTurns(WeightFeatures x, int count = 1)
    {
        ArgumentNullException.ThrowIfNull(x);
        return MapInputs(x, Turns(x).Narrow(0, (count % 4 + 4) % 4, 1).Squeeze(0));
    }

    /// <summary>f(x + t).</summary>
    /// <param name="x">The networks; their first layer must be dense.</param>
    /// <param name="shift">t: [n_0], or [batch, n_0].</param>
    /// <exception cref="ShapeException">The shift does not fit, or the first layer is a convolution.</exception>
    public static WeightFeatures ShiftInputs(WeightFeatures x, Tensor shift)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Spec.FilterSize(0) != 1) throw new ShapeException($"ShiftInputs: the first layer of {x.Spec} is a convolution");
        var t = Each(x, shift, nameof(ShiftInputs), x.Spec.Widths[0]).Unsqueeze(-1);
        return x.Map(static (_, w) => w, (i, b) => i == 0 ? b + x.Weights[0].MatMul(t.To(b.DType)).Squeeze(-1) : b);
    }

    /// <summary>f(a·x): above 1 the image shrinks.</summary>
    public static WeightFeatures Zoom(WeightFeatures x, double factor)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Map((i, w) => i == 0 ? w * factor : w, static (_, b) => b);
    }

    /// <summary>A·f(x) + δ, for example of colours. An offset that is no part of the networks, <see cref="SirenOptions.OutputOffset"/>, stays as it is.</summary>
    /// <param name="x">The networks.</param>
    /// <param name="map">A: [n_L, n_L], or [batch, n_L, n_L].</param>
    /// <param name="offset">δ: [n_L], or [batch, n_L]; null: zero.</param>
    /// <exception cref="ShapeException">The map or the offset does not fit.</exception>
    public static WeightFeatures MapOutputs(WeightFeatures x, Tensor map, Tensor? offset = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        int outputs = x.Spec.Widths[^1], last = x.Spec.Layers - 1;
        var matrices = Each(x, map, nameof(MapOutputs), outputs, outputs);
        var y = x.Map(
            (i, w) => i == last ? matrices.To(w.DType).MatMul(w) : w,
            (i, b) => i == last ? matrices.To(b.DType).MatMul(b.Unsqueeze(-1)).Squeeze(-1) : b);
        return offset is null ? y : OffsetOutputs(y, Each(x, offset, nameof(MapOutputs), outputs));
    }

    /// <summary>a·f(x) + δ: contrast and brightness of an image; a = -1 is its negative.</summary>
    public static WeightFeatures AdjustOutputs(WeightFeatures x, double factor, double offset = 0)
    {
        ArgumentNullException.ThrowIfNull(x);
        var last = x.Spec.Layers - 1;
        return x.Map((i, w) => i == last ? w * factor : w, (i, b) => i == last ? b * factor + offset : b);
    }

    /// <summary>
    /// Hidden neurons times λ, undone by the weights that lead on. The function stays the same where the activation lets λ through: ReLU any positive
    /// number, sine and tanh ±1.
    /// </summary>
    /// <param name="x">The networks.</param>
    /// <param name="factors">λ: for each hidden layer [neurons], or [batch, neurons], without zeros; null: the layer stays as it is.</param>
    /// <exception cref="ShapeException">Factors do not fit.</exception>
    public static WeightFeatures ScaleNeurons(WeightFeatures x, IReadOnlyList<Tensor?> factors)
    {
        ArgumentNullException.ThrowIfNull(x);
        var lambda = Hidden(x, factors, nameof(ScaleNeurons));
        return x.Map(
            (i, w) =>
            {
                if (lambda[i + 1] is { } own) w *= own.Unsqueeze(-1).To(w.DType);
                return lambda[i] is { } before ? w / before.Unsqueeze(-2).To(w.DType) : w;
            },
            (i, b) => lambda[i + 1] is { } own ? b * own.To(b.DType) : b);
    }

    /// <summary>Phases of sines advanced by half periods: b_i[j] + π·m/ω. An odd m turns the sign of the neuron, which the weights that lead on undo.</summary>
    /// <param name="x">Networks of sines.</param>
    /// <param name="halfPeriods">m: for each hidden layer whole numbers [neurons], or [batch, neurons]; null: the layer stays as it is.</param>
    /// <param name="options">Say ω.</param>
    /// <exception cref="ShapeException">Numbers do not fit.</exception>
    public static WeightFeatures ShiftPhases(WeightFeatures x, IReadOnlyList<Tensor?> halfPeriods, SirenOptions options)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(options);
        var m = Hidden(x, halfPeriods, nameof(ShiftPhases));
        return x.Map(
            (i, w) => m[i] is { } before ? w * (1 - 2 * before.Remainder(2)).Unsqueeze(-2).To(w.DType) : w,
            (i, b) => m[i + 1] is { } own ? b + own.To(b.DType) * HalfPeriod(options, i) : b);
    }

    /// <summary>Hidden neurons in another order, of its own for each network. One order for all: <see cref="NeuronPermutation"/>.</summary>
    /// <param name="x">The networks.</param>
    /// <param name="orders">For each hidden layer [neurons], or [batch, neurons]: which neuron comes to each place; null: the layer stays as it is.</param>
    /// <exception cref="ShapeException">Orders do not fit.</exception>
    public static WeightFeatures PermuteNeurons(WeightFeatures x, IReadOnlyList<Tensor?> orders)
    {
        ArgumentNullException.ThrowIfNull(x);
        var order = Hidden(x, orders, nameof(PermuteNeurons));
        return x.Map(
            (i, w) =>
            {
                if (order[i + 1] is { } own) w = w.TakeAlong(own.Unsqueeze(-1), 2);
                return order[i] is { } before ? w.TakeAlong(before.Unsqueeze(-2), 3) : w;
            },
            (i, b) => order[i + 1] is { } own ? b.TakeAlong(own, 2) : b);
    }

    private static double HalfPeriod(SirenOptions options, int layer) => Math.PI / (layer == 0 ? options.FirstOmega : options.Omega);

    private static WeightFeatures OffsetOutputs(WeightFeatures x, Tensor offset) =>
        x.Map(static (_, w) => w, (i, b) => i == x.Spec.Layers - 1 ? b + offset.To(b.DType) : b);

    // The identity with one coordinate negated.
    private static Tensor Reflection(WeightFeatures x, int coordinate)
    {
        var inputs = x.Spec.Widths[0];
        if (coordinate < 0 || coordinate >= inputs) throw new ArgumentOutOfRangeException(nameof(coordinate), coordinate, $"Flip: networks {x.Spec} take {inputs} coordinates");
        var (type, device) = (x.Biases[0].DType, x.Biases[0].Device);
        return Tensor.Eye(inputs, type, device) * (1 - 2 * Tensor.Arange(inputs, device: device).Equal(coordinate).To(type));
    }

    // No, one, two and three quarter turns of (row, column): [4, 2, 2].
    private static Tensor Turns(WeightFeatures x) => x.Spec.Widths[0] == 2
        ? Tensor.From([1.0, 0, 0, 1, 0, 1, -1, 0, -1, 0, 0, -1, 0, -1, 1, 0], [4, 2, 2], x.Biases[0].Device)
        : throw new ShapeException($"QuarterTurns: networks {x.Spec} do not take two coordinates");

    // [sizes…] or [batch, sizes…] as [1 or batch, 1, sizes…], beside the channels.
    private static Tensor Each(WeightFeatures x, Tensor t, string operation, params ReadOnlySpan<int> sizes)
    {
        var own = Shape.Create(sizes);
        if (t.Shape.Equals(own)) return t.Unsqueeze(0).Unsqueeze(0);
        return t.Shape.Equals([x.Batch, .. own])
            ? t.Unsqueeze(1)
            : throw new ShapeException($"{operation}: {t.Shape} is neither {own} nor [{x.Batch}, {string.Join(", ", own)}] for networks {x.Spec}");
    }

    // What belongs to each layer of neurons, from the input on; null where nothing changes, as in the input and the output.
    private static Tensor?[] Hidden(WeightFeatures x, IReadOnlyList<Tensor?> tensors, string operation)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        if (tensors.Count != x.Spec.Layers - 1) throw new ShapeException($"{operation}: {tensors.Count} tensors for the {x.Spec.Layers - 1} hidden layers of {x.Spec}");
        return [null, .. tensors.Select((t, i) => t is null ? null : Each(x, t, operation, x.Spec.Widths[i + 1])), null];
    }
}
