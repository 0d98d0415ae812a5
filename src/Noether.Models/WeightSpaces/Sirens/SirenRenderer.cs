using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>The images that the weights of sinusoidal networks stand for: [batch, w², …] to [batch, n_L, height, width].</summary>
/// <remarks>
/// Raw weights have one channel and make an image each. With w patches a side, the w² channels are the parameters of as many networks, of which each
/// draws the pixels nearest to its place in a w x w grid, row by row; coordinates stay those of the whole image. Gradients flow to the weights.
/// Source: Zhou et al., Neural functional transformers (2023), section 4.
/// </remarks>
/// <param name="Height">Rows of the image.</param>
/// <param name="Width">Its columns.</param>
public sealed record SirenRenderer(int Height, int Width) : WeightModule<Tensor>
{
    /// <summary>Factors and offset.</summary>
    public SirenOptions Options { get; init; } = new();

    /// <summary>w: networks along each side of an image.</summary>
    public int PatchesPerSide { get; init; } = 1;

    /// <summary>Where along a side of an image each pixel's network lies in the grid of networks.</summary>
    /// <param name="pixels">Pixels of the side.</param>
    /// <param name="patches">Networks along it.</param>
    /// <returns>For pixel p of coordinate u from -1 to 1: (w - 1)(u + 1)/2 rounded, halves to even.</returns>
    public static int[] PatchOf(int pixels, int patches)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pixels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(patches);
        return [.. Enumerable.Range(0, pixels).Select(p => (int)Math.Round((double)p * (patches - 1) / Math.Max(1, pixels - 1), MidpointRounding.ToEven))];
    }

    /// <summary>The images.</summary>
    /// <param name="x">[batch, w², …]: dense layers from two coordinates.</param>
    /// <exception cref="ShapeException">The networks have convolutions or other than two inputs, or there are not w² of them to an image.</exception>
    public Tensor Render(WeightFeatures x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Spec.Widths[0] != 2) throw new ShapeException($"SirenRenderer: networks {x.Spec} do not take the 2 coordinates of a pixel");
        if (x.Channels != PatchesPerSide * PatchesPerSide)
            throw new ShapeException($"SirenRenderer: W0 is {x.Weights[0].Shape}, expected {PatchesPerSide * PatchesPerSide} networks for {PatchesPerSide} x {PatchesPerSide} patches");

        var grid = Siren.Grid(Height, Width, x.Biases[0].DType, x.Biases[0].Device).Reshape(Height, Width, 2);
        (int First, int Count)[] rows = Runs(Height), columns = Runs(Width);
        var patches = new Tensor[PatchesPerSide, PatchesPerSide];

        // Patches of one size are evaluated together.
        foreach (var size in Enumerable.Range(0, x.Channels).GroupBy(i => (rows[i / PatchesPerSide].Count, columns[i % PatchesPerSide].Count)))
        {
            var (height, width) = size.Key;
            int[] members = [.. size];
            var points = Tensor.Stack(0, Array.ConvertAll(members, i =>
                grid.Narrow(0, rows[i / PatchesPerSide].First, height).Narrow(1, columns[i % PatchesPerSide].First, width).Reshape(height * width, 2)));
            var y = Evaluate(Members(x, members), points, Options).SwapAxes(-2, -1);
            for (var k = 0; k < members.Length; k++)
                patches[members[k] / PatchesPerSide, members[k] % PatchesPerSide] = y.Narrow(1, k, 1).Reshape(x.Batch, x.Spec.Widths[^1], height, width);
        }

        var sides = Enumerable.Range(0, PatchesPerSide);
        return Tensor.Concatenate(2, [.. sides.Select(i => Tensor.Concatenate(3, [.. sides.Select(j => patches[i, j])]))]);
    }

    /// <summary>The images; there are no parameters.</summary>
    public override Tensor Apply(Parameters parameters, WeightFeatures x, Context context) => Render(x);

    /// <summary>Values of networks at points, such as of scenes with any number of coordinates.</summary>
    /// <param name="x">[batch, networks, …], dense layers.</param>
    /// <param name="points">[points, n_0], or [networks, points, n_0] if each has points of its own.</param>
    /// <param name="options">Factors and offset.</param>
    /// <returns>[batch, networks, points, n_L].</returns>
    /// <exception cref="ShapeException">The networks have convolutions, or the points do not fit.</exception>
    public static Tensor Evaluate(WeightFeatures x, Tensor points, SirenOptions options)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(options);
        var spec = x.Spec;
        if (!spec.IsDense) throw new ShapeException($"SirenRenderer: {spec} has convolutions");
        if (points.Rank is < 2 or > 3 || points.Shape[^1] != spec.Widths[0] || (points.Rank == 3 && points.Shape[0] != x.Channels))
            throw new ShapeException($"SirenRenderer: points {points.Shape} are not [points, {spec.Widths[0]}], nor so for each of {x.Channels} networks");

        // Points are columns, so that every layer is one product in the weights' own layout.
        var h = points.SwapAxes(-2, -1);
        if (h.Rank == 2) h = h.Unsqueeze(0);
        for (var i = 0; i < spec.Layers; i++)
        {
            h = x.Weights[i].MatMul(h) + x.Biases[i].Unsqueeze(-1);
            if (i < spec.Layers - 1) h = (h * (i == 0 ? options.FirstOmega : options.Omega)).Sin();
        }

        return (options.OutputOffset == 0 ? h : h + options.OutputOffset).SwapAxes(-2, -1);
    }

    private (int First, int Count)[] Runs(int pixels)
    {
        var patch = PatchOf(pixels, PatchesPerSide);
        return [.. Enumerable.Range(0, PatchesPerSide).Select(i => (Math.Max(0, Array.IndexOf(patch, i)), patch.Count(p => p == i)))];
    }

    private static WeightFeatures Members(WeightFeatures x, int[] members) => members.Length == x.Channels
        ? x
        : x.Map(t => t.Take(Tensor.From(members, [members.Length], t.Device), 1));
}
