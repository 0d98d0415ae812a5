using Noether.Peers.Tests.Oracle;
using TorchSharp;
using static Noether.Peers.Tests.Oracle.Domain;
using static TorchSharp.torch;
using TorchTensor = TorchSharp.torch.Tensor;

namespace Noether.Peers.Tests.Operations;

/// <summary>Complex operands are two real ones; complex results are compared with real and imaginary part on a last axis.</summary>
internal static class SpectralOperations
{
    public static IEnumerable<Operation> All { get; } =
    [
        Along("fft", static (z, n, a) => Fourier.Fft(z, n, a), static (z, n, a) => fft.fft_(z, n, a)),
        Along("ifft", static (z, n, a) => Fourier.InverseFft(z, n, a), static (z, n, a) => fft.ifft(z, n, a)),
        Along("fft, unitary", static (z, n, a) => Fourier.Fft(z, n, a, FourierNorm.Ortho), static (z, n, a) => fft.fft_(z, n, a, FFTNormType.Ortho)),
        new("rfft", static d =>
        {
            var (shape, n) = (d.Sizes(1, 3), d.Next(1, 40));
            var axis = d.Axis(shape.Length);
            return new([d.Operand(shape, Real)], x => Parts(Fourier.RealFft(x[0], n, axis)), x => fft.rfft(x[0], n, axis).view_as_real());
        }),
        new("irfft", static d =>
        {
            var (shape, n) = (d.Sizes(1, 3, least: 2), d.Next(2, 20));
            var axis = d.Axis(shape.Length);
            return new([d.Operand(shape, Real), d.Operand(shape, Real)],
                x => Fourier.InverseRealFft(new(x[0], x[1]), n, axis), x => fft.irfft(complex(x[0], x[1]), n, axis));
        }),
        All2("fft 2-D", static z => Fourier.Fft2(z), static z => fft.fftn(z, null, [-2, -1])),
        All2("ifft 2-D", static z => Fourier.InverseFft2(z), static z => fft.ifftn(z, null, [-2, -1])),
        All2("fft over all axes", static z => Fourier.FftN(z), static z => fft.fftn(z)),
        All2("complex product", static z => z * z, static z => z * z),
        All2("complex quotient", static z => 1 / (z * z + 30), static z => 1 / (z * z + 30)),
        new("rfft 2-D", static d => new([d.Operand([d.Next(1, 3), d.Next(1, 9), d.Next(1, 9)], Real)],
            x => Parts(Fourier.RealFft2(x[0])), x => fft.rfftn(x[0], null, [-2, -1]).view_as_real())),
        new("irfft 2-D", static d =>
        {
            int[] shape = [d.Next(1, 6), d.Next(2, 6)];
            int[] sizes = [shape[0], 2 * shape[1] - d.Next(1, 2)];
            return new([d.Operand(shape, Real), d.Operand(shape, Real)],
                x => Fourier.InverseRealFft2(new(x[0], x[1]), sizes), x => fft.irfftn(complex(x[0], x[1]), [sizes[0], sizes[1]], [-2, -1]));
        }),
        new("spectral convolution", static d =>
        {
            var (n, modes) = (d.Next(8, 40), d.Next(1, 5));
            int[] x = [d.Next(1, 4), d.Next(1, 4), n], w = [x[1], d.Next(1, 4), modes];
            return new([d.Operand(x, Real), d.Operand(w, Real), d.Operand(w, Real)], a => Fourier.SpectralConvolution(a[0], new ComplexTensor(a[1], a[2])), a =>
            {
                var z = fft.rfft(a[0]);
                var mixed = einsum("bix,iox->box", z.narrow(2, 0, modes), complex(a[1], a[2]));
                return fft.irfft(cat([mixed, zeros([x[0], w[1], n / 2 + 1 - modes], dtype: mixed.dtype)], 2), n);
            });
        }),
        new("fftshift", static d => new([d.Operand(d.Sizes(1, 3), Real)], x => Fourier.FftShift(x[0]), x => fft.fftshift(x[0]))),
        new("ifftshift", static d => new([d.Operand(d.Sizes(1, 3), Real)], x => Fourier.InverseFftShift(x[0]), x => fft.ifftshift(x[0]))),
        new("complex magnitude", static d =>
        {
            var shape = d.Sizes(0, 3);
            return new([d.Operand(shape, NonZero), d.Operand(shape, NonZero)], x => new ComplexTensor(x[0], x[1]).Abs(), x => complex(x[0], x[1]).abs());
        }),
        new("complex angle", static d =>
        {
            var shape = d.Sizes(0, 3);
            return new([d.Operand(shape, NonZero), d.Operand(shape, NonZero)], x => new ComplexTensor(x[0], x[1]).Angle(), x => complex(x[0], x[1]).angle());
        }),
    ];

    private static Operation Along(string name, Func<ComplexTensor, int, int, ComplexTensor> ours, Func<TorchTensor, int, int, TorchTensor> theirs) => new(name, d =>
    {
        var (shape, n) = (d.Sizes(1, 3), d.Next(1, 40));
        var axis = d.Axis(shape.Length);
        return new([d.Operand(shape, Real), d.Operand(shape, Real)],
            x => Parts(ours(new(x[0], x[1]), n, axis)), x => theirs(complex(x[0], x[1]), n, axis).view_as_real());
    });

    private static Operation All2(string name, Func<ComplexTensor, ComplexTensor> ours, Func<TorchTensor, TorchTensor> theirs) => new(name, d =>
    {
        var shape = d.Sizes(2, 3);
        return new([d.Operand(shape, Real), d.Operand(shape, Real)],
            x => Parts(ours(new(x[0], x[1]))), x => theirs(complex(x[0], x[1])).view_as_real());
    });

    private static Tensor Parts(ComplexTensor z) => Tensor.Stack(-1, z.Real, z.Imaginary);
}
