namespace Noether.Bench.Cases;

/// <summary>One computation at many sizes.</summary>
/// <param name="Title">What is computed.</param>
/// <param name="Axis">What the size is.</param>
/// <param name="Sizes">Ascending: powers of two, and sizes beside them that fall on no boundary.</param>
/// <param name="Case">The case of a size.</param>
internal sealed record Growth(string Title, string Axis, int[] Sizes, Func<int, Case> Case)
{
    /// <summary>Every family.</summary>
    public static IReadOnlyList<Growth> All { get; } =
    [
        new("Matrix product", "rows and columns", [8, 16, 24, 32, 48, 64, 96, 100, 128, 192, 256, 300, 384, 512, 700, 1024, 1500, 2048], MatMulCases.Square),
        new("rfft and irfft of 32 rows", "length", [32, 64, 100, 128, 256, 500, 512, 1000, 1009, 1024, 2048, 3000, 4096, 8192, 10000, 16384, 32768, 65536], static n => SpectralCases.Rows($"rfft + irfft of {n}", n)),
        new("Attention, 8 heads of 64, forward and backward", "length", [16, 32, 64, 100, 128, 200, 256, 400, 512, 700, 1024, 1500, 2048, 3000, 4096], static n => AttentionCases.Gradient(n, causal: false)),
        new("Adam step of 784-512-512-10", "batch", [1, 2, 4, 8, 16, 32, 50, 64, 100, 128, 200, 256, 400, 512, 1024, 2048], NetworkCases.Step),
    ];
}
