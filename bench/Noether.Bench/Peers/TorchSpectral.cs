using static TorchSharp.torch;
using TorchTensor = TorchSharp.torch.Tensor;

namespace Noether.Bench.Peers;

/// <summary>The peer's Fourier transforms.</summary>
internal static class TorchSpectral
{
    public static TorchTensor Rows(TorchTensor x)
    {
        using var coefficients = fft.rfft(x);
        return fft.irfft(coefficients, x.shape[^1]);
    }

    public static TorchTensor Images(TorchTensor x)
    {
        using var coefficients = fft.rfft2(x);
        return fft.irfft2(coefficients, [x.shape[^2], x.shape[^1]]);
    }
}
