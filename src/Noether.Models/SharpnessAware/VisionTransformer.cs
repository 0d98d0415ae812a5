using Noether.Nn;

namespace Noether.Models.SharpnessAware;

/// <summary>A transformer over the patches of an image: [batch, channels, height, width] to logits [batch, classes].</summary>
/// <param name="Channels">Of the images.</param>
/// <param name="Height">In pixels, a multiple of the patch's.</param>
/// <param name="Width">In pixels, a multiple of the patch's.</param>
/// <param name="Classes">How many; 0: no head, the output is what it would see, [batch, features].</param>
/// <remarks>
/// Patches become features by one linear map; a learnt vector goes before them, learnt vectors of place are added, and after the blocks (norm first, GELU) the first
/// position's features go on. Source: Dosovitskiy et al., "An image is worth 16x16 words" (2021), section 3.1.
/// </remarks>
public sealed record VisionTransformer(int Channels, int Height, int Width, int Classes) : CompositeModule
{
    private const string ClassToken = "class_token", Positions = "pos_embedding";
    private const double Deviation = 0.02; // of the paper's code

    /// <summary>Rows and columns of a patch.</summary>
    public (int Height, int Width) Patch { get; init; } = (7, 7);

    /// <summary>The size of a position's vector.</summary>
    public int Features { get; init; } = 64;

    /// <summary>Of attention; they divide the features.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>How many blocks.</summary>
    public int Depth { get; init; } = 4;

    /// <summary>The width of the blocks' hidden layers; 0: twice the features.</summary>
    public int Hidden { get; init; }

    private int PatchCount => Height / Patch.Height * (Width / Patch.Width);

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Module Module)> Children =>
    [
        ("conv_proj", new Convolution(Channels, Features, [Patch.Height, Patch.Width]) { Stride = [Patch.Height, Patch.Width] }),
        .. Enumerable.Range(0, Depth).Select(i => ($"layers.{i}", (Module)new TransformerBlock(Features, Heads)
        {
            Hidden = Hidden > 0 ? Hidden : 2 * Features,
            Dropout = 0,
            NormFirst = true,
            Activation = Activation.Gelu,
        })),
        ("ln", new LayerNorm(Features)),
        .. Classes > 0 ? [("head", (Module)new Linear(Features, Classes))] : Array.Empty<(string, Module)>(),
    ];

    /// <inheritdoc/>
    public override Parameters Init(RandomKey key, DType type = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (Patch.Height < 1 || Patch.Width < 1 || Height % Patch.Height != 0 || Width % Patch.Width != 0)
            throw new ShapeException($"VisionTransformer: patches of {Patch.Height} x {Patch.Width} do not tile images of {Height} x {Width}");
        var keys = key.Split(2);
        return base.Init(keys[0], type).Merge(Parameters.Of(
            (ClassToken, Tensor.Zeros([1, Features], type, key.Words.Device)),
            (Positions, Initializer.Normal(0, Deviation).Draw(keys[1], [PatchCount + 1, Features], type))));
    }

    /// <inheritdoc/>
    public override Tensor Apply(Parameters parameters, Tensor x, Context context)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(x);
        if (x.Rank != 4 || !x.Shape[1..].Equals(Shape.Create([Channels, Height, Width])))
            throw new ShapeException($"VisionTransformer: {x.Shape} is not [batch, {Channels}, {Height}, {Width}]");
        var batch = x.Shape[0];
        var y = x;
        foreach (var (name, module) in Children)
        {
            if (name == "ln") y = y.Narrow(1, 0, 1).Squeeze(1); // the norm is of each position: only the first goes on
            y = Call(name, module, parameters, y, context);
            if (name != "conv_proj") continue;
            y = y.Reshape([batch, Features, PatchCount]).SwapAxes(1, 2);
            y = Tensor.Concatenate(1, parameters[ClassToken].Unsqueeze(0).BroadcastTo([batch, 1, Features]), y) + parameters[Positions];
        }

        return y;
    }
}
