using static TorchSharp.torch;
using TorchTensor = TorchSharp.torch.Tensor;

namespace Noether.Bench.Peers;

/// <summary>The peer's Fourier transforms, and spectral convolutions as the reference FNO writes them.</summary>
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

    public static Func<TorchTensor[]> ConvolutionGradient(TorchTensor[] x)
    {
        foreach (var operand in x) operand.requires_grad_();
        return () =>
        {
            using var scope = NewDisposeScope();
            var y = x[0].dim() == 3 ? Convolution(x[0], complex(x[1], x[2])) : Convolution(x[0], complex(x[1], x[2]), complex(x[3], x[4]));
            var loss = y.square().sum() * 0.5;
            return [.. autograd.grad([loss], x).Select(static t => t.MoveToOuterDisposeScope())];
        };
    }

    private static TorchTensor Convolution(TorchTensor x, TorchTensor w)
    {
        var modes = w.shape[2];
        var z = fft.rfft(x);
        var y = zeros([x.shape[0], w.shape[1], z.shape[2]], ScalarType.ComplexFloat32);
        y[.., .., ..(int)modes] = einsum("bix,iox->box", z[.., .., ..(int)modes], w);
        return fft.irfft(y, x.shape[2]);
    }

    private static TorchTensor Convolution(TorchTensor x, TorchTensor w, TorchTensor v)
    {
        int m = (int)w.shape[2], n = (int)w.shape[3];
        var z = fft.rfft2(x);
        var y = zeros([x.shape[0], w.shape[1], z.shape[2], z.shape[3]], ScalarType.ComplexFloat32);
        y[.., .., ..m, ..n] = einsum("bixy,ioxy->boxy", z[.., .., ..m, ..n], w);
        y[.., .., ^m.., ..n] = einsum("bixy,ioxy->boxy", z[.., .., ^m.., ..n], v);
        return fft.irfft2(y, [x.shape[2], x.shape[3]]);
    }
}
