using static Noether.Transform;

namespace Noether.Bench.Cases;

/// <summary>Fourier transforms of real rows and images, there and back; spectral convolutions with their gradients.</summary>
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
        Convolution("1024 points, 64 channels, 16 modes, batch 16", [16, 64, 1024], [64, 64, 16], 1),
        Convolution("64x64, 32 channels, 12x12 modes, batch 16", [16, 32, 64, 64], [32, 32, 12, 12], 2),
    ];

    public static Case Rows(string name, int n) =>
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

    // Gradients of ½|y|² by x and both parts of the weights. Counted: a fast transform (2.5 n log2 n) of x, y and both cotangents, and
    // three complex products for each mode.
    public static Case Convolution(string name, int[] x, int[] w, int blocks)
    {
        Operand input = new(x);
        double points = 1, modes = blocks;
        foreach (var n in x[2..]) points *= n;
        foreach (var m in w[2..]) modes *= m;
        var weight = new Operand(w, Scale: 1.0 / w[0]);
        return new("spectral", $"{name}, gradients", "spectral-gradient", [input, .. Enumerable.Repeat(weight, 2 * blocks)], a =>
        {
            var gradient = Compile(Grad((Func<Tensor[], Tensor>)Loss));
            return () => gradient(a);
        })
        {
            Flops = 4 * 2.5 * input.Size * Math.Log2(points) + 3 * 8.0 * x[0] * w[0] * w[1] * modes,
            Bytes = sizeof(float) * 4.0 * input.Size,
        };
    }

    private static Tensor Loss(Tensor[] t)
    {
        var weights = new ComplexTensor[t.Length / 2];
        for (var block = 0; block < weights.Length; block++) weights[block] = new(t[1 + 2 * block], t[2 + 2 * block]);
        return 0.5 * Fourier.SpectralConvolution(t[0], weights).Square().Sum();
    }
}
