using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>A network of sines from coordinates to values, such as an image: [points, n_0] to [points, n_L].</summary>
/// <remarks>
/// h ← sin(ω₀·(W·h + b)) but for the last layer, which is linear. Begins with W_0 uniform within 1/n_0, the other weights within √(6/n_in)/ω₀, biases
/// within 1/√n_in. Parameters <c>layers.i.weight</c>, <c>layers.i.bias</c>. Source: Sitzmann et al., Implicit neural representations with periodic
/// activation functions (2020), section 3.2.
/// </remarks>
/// <param name="Spec">The sizes; dense layers.</param>
public sealed record Siren(WeightSpec Spec) : Module
{
    /// <summary>Factors, offset and start.</summary>
    public SirenOptions Options { get; init; } = new();

    /// <summary>The points of an image in the order of its pixels: [height · width, 2] of (row, column), each from -1 to 1.</summary>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="type">The result's type.</param>
    /// <param name="device">Default: <see cref="Device.Default"/>.</param>
    public static Tensor Grid(int height, int width, DType type = DType.Float32, Device? device = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        var rows = Tensor.Linspace(-1, 1, height, type: type, device: device).Unsqueeze(1).BroadcastTo([height, width]);
        var columns = Tensor.Linspace(-1, 1, width, type: type, device: device).BroadcastTo([height, width]);
        return Tensor.Stack(2, rows, columns).Reshape(height * width, 2);
    }

    /// <inheritdoc/>
    public override Parameters Init(RandomKey key, DType type = DType.Float32)
    {
        var keys = key.Split(2 * Spec.Layers);
        return new(Enumerable.Range(0, Spec.Layers).SelectMany(i =>
        {
            int inputs = Spec.Widths[i], outputs = Spec.Widths[i + 1];
            var bound = i == 0 ? 1.0 / inputs : Math.Sqrt(6.0 / inputs) / Options.Omega;
            var bias = Options.ZeroBiases ? 0 : 1 / Math.Sqrt(inputs);
            return (KeyValuePair<string, Tensor>[])
            [
                new($"layers.{i}.weight", keys[2 * i].Uniform([outputs, inputs], -bound, bound, type)),
                new($"layers.{i}.bias", keys[2 * i + 1].Uniform([outputs], -bias, bias, type)),
            ];
        }));
    }

    /// <inheritdoc/>
    public override Tensor Apply(Parameters parameters, Tensor x, Context context)
    {
        if (!Spec.IsDense) throw new ShapeException($"Siren: {Spec} has convolutions");
        if (x.Rank == 0 || x.Shape[^1] != Spec.Widths[0]) throw new ShapeException($"Siren: {x.Shape} does not end with {Spec.Widths[0]} coordinates");
        for (var i = 0; i < Spec.Layers; i++)
        {
            x = x.MatMul(parameters[$"layers.{i}.weight"].Transpose()) + parameters[$"layers.{i}.bias"];
            if (i < Spec.Layers - 1) x = (x * (i == 0 ? Options.FirstOmega : Options.Omega)).Sin();
        }

        return x + Options.OutputOffset;
    }
}
