namespace Noether.Bench.Cases;

/// <summary>
/// What is measured on a GPU, each beside <c>bench/peers/torch_peers.py</c> and <c>jax_peers.py</c>, which know it by the same name. Arrays of
/// functions bound by bandwidth take 256 MiB each: several times the L2 of the largest GPU.
/// </summary>
internal static class GpuCases
{
    private const string Group = "gpu";
    private const int Tokens = 16384, Large = 1 << 26, Rows = 1 << 14, Columns = 1 << 12, Points = 1 << 24;

    /// <summary>The cases, and how many times faster than the fastest peer each shall be.</summary>
    public static IReadOnlyList<(Case Case, double Target)> All { get; } =
    [
        .. from n in (int[])[1024, 2048, 4096, 8192] select (Named($"gemm float32 {n}", MatMulCases.Square(n)), 0.9),
        .. from n in (int[])[4096, 8192] select (Named($"gemm tf32 {n}", Product(n, DType.Float32, MatMulPrecision.Tf32)), 0.55),
        .. from n in (int[])[4096, 8192] select (Named($"gemm bfloat16 {n}", Product(n, DType.BFloat16, MatMulPrecision.Highest)), 0.55),
        (Named($"chain of ten operations, {Large}", ElementwiseCases.Chain(Large)), 1.2),
        (Row("sum of all", static x => x.Sum(), 1), 1.2),
        (Row("sum of rows", static x => x.Sum(1), 1), 1.2),
        (Row("softmax", static x => x.Softmax(1), 2), 1.2),
        (Row("layer norm", static x => x.LayerNorm(1), 2), 1.2),
        .. from length in (int[])[1024, 4096, 16384]
           from what in ((Case, double)[])
           [
               (Named($"attention bfloat16 {length} forward", AttentionCases.Forward(length, causal: false, Tokens / length)), 0.6),
               (Named($"attention bfloat16 {length} forward and backward", AttentionCases.Gradient(length, causal: false, Tokens / length)), 0.5),
           ]
           select (what.Item1 with { Type = DType.BFloat16 }, what.Item2),
        .. from n in (int[])[256, 1024, 4096] select (Transform($"fft {n}, batch {Points / n}", [Points / n, n], 1), 0.9),
        (Transform($"fft2 256x256, batch {Points / 65536}", [Points / 65536, 256, 256], 2), 0.9),
        (Named("spectral 1d 1024, 64 channels, 16 modes, batch 20", SpectralCases.Convolution("", [20, 64, 1024], [64, 64, 16], 1)), 1.5),
        (Named("spectral 2d 64x64, 32 channels, 12 modes, batch 20", SpectralCases.Convolution("", [20, 32, 64, 64], [32, 32, 12, 12], 2)), 1.5),
        .. from batch in (int[])[32, 512]
           from shape in (Networks[])[new("cnn zoo", WeightSpaceCases.Widths, WeightSpaceCases.Filters), new("siren", [2, 32, 32, 1], [1, 1, 1])]
           select (Named($"np layer {shape.Name}, batch {batch}", WeightSpaceCases.Layer("", batch, shape.Widths, shape.Filters)), 3.0),
        .. from batch in (int[])[32, 512]
           select (Named($"nft attention siren 2-32-32-1, 64 channels, batch {batch}", WeightSpaceCases.Attention("", batch, 64, 4, [2, 32, 32, 1])), 1.5),
        (Named("hvp mlp 784-512-512-10, batch 1024", NetworkCases.All.Single(static what => what is { Group: "hvp", Name: "784-512-512-10, batch 1024" })), 1.5),
        (Named("hvp resnet-20, batch 128", ImageCases.ResidualCurvature(128)), 1.5),
        (Named("digits step, batch 256", ImageCases.All.Single(static what => what.Name == "Digits' training step, batch 256")), 1.5),
        (Named("step of 1000 sirens 2-32-32-1, 256 points", PopulationCases.Sirens("", "siren-batched", 1000)), 1.2),
    ];

    private static Case Named(string name, Case what) => what with { Group = Group, Name = name };

    private static Case Product(int n, DType type, MatMulPrecision precision) =>
        MatMulCases.Product($"{n}", [n, n], [n, n], type, ours: (a, b) => a.MatMul(b, precision));

    // passes: of the array's size; what is read and what is written.
    private static Case Row(string name, Func<Tensor, Tensor> ours, int passes) => new(Group, $"{name}, {Rows}x{Columns}", "", [new([Rows, Columns])], a =>
    {
        var compiled = Noether.Transform.Compile(ours);
        return () => [compiled(a[0])];
    })
    {
        Bytes = (double)passes * sizeof(float) * Rows * Columns,
    };

    // Complex to complex; 5 n log2 n operations.
    private static Case Transform(string name, int[] shape, int axes) => new(Group, name, "", [new(shape), new(shape)], a => () =>
    {
        ComplexTensor x = new(a[0], a[1]);
        var y = axes == 1 ? Fourier.Fft(x) : Fourier.Fft2(x);
        return [y.Real, y.Imaginary];
    })
    {
        Flops = 5.0 * Points * Math.Log2(shape[1..].Aggregate(1.0, static (product, n) => product * n)),
        Bytes = 4.0 * sizeof(float) * Points,
    };

    private sealed record Networks(string Name, int[] Widths, int[] Filters);
}
