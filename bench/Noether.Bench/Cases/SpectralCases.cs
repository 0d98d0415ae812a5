namespace Noether.Bench.Cases;

/// <summary>Fourier transforms of real rows and images, there and back.</summary>
internal static class SpectralCases
{
    private const int Batch = 32;

    public static IEnumerable<Case> All { get; } =
    [
        Rows("rfft + irfft of 1024, batch 32", 1024),
        Rows("rfft + irfft of 1000, batch 32", 1000),
        Rows("rfft + irfft of 4096, batch 32", 4096),
        Rows("rfft + irfft of 1024, batch 32, float64", 1024) with { Type = DType.Float64 },
        Transforms("rfft2 + irfft2 of 256x256, batch 32", "rfft2-irfft2", [Batch, 256, 256], static x => Fourier.InverseRealFft2(Fourier.RealFft2(x))),
    ];

    private static Case Rows(string name, int n) =>
        Transforms(name, "rfft-irfft", [Batch, n], x => Fourier.InverseRealFft(Fourier.RealFft(x), n));

    // 2.5 n log2 n operations each way; operand, coefficients (written and read) and result.
    private static Case Transforms(string name, string operation, int[] shape, Func<Tensor, Tensor> ours)
    {
        Operand x = new(shape);
        double points = x.Size / Batch;
        return new("fft", name, operation, [x], a => () => [ours(a[0])])
        {
            Flops = 5 * x.Size * Math.Log2(points),
            Bytes = sizeof(float) * 4.0 * x.Size,
        };
    }
}
