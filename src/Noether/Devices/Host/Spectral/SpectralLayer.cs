using System.Numerics;

namespace Noether.Devices.Host;

/// <summary>Spectral convolutions: pruned transform, a complex matrix for each mode, pruned transform back.</summary>
/// <remarks>
/// Layout: images [batch, channels, points]; spectra [block][batch, channels, modes of the block], real and imaginary parts apart. A block is a choice
///         of sign for each axis but the last, the first of them changing fastest, as are the weights [in, out, modes] that the caller holds.
/// Tiles:  images go through <see cref="PrunedTransform{T}"/> some at a time, so many that matrix products have rows enough and all stays in L2.
/// Cost:   images are read or written once; spectra and weights stay in cache at the usual sizes.
/// </remarks>
internal static unsafe class SpectralLayer
{
    // Bytes of images in a tile, beside folded images and spectra in a mebibyte of L2; and rows that amortise the packing of a product.
    private const long TileBytes = 128 << 10;

    /// <summary>y[b, o] = Σ_i synthesis(analysis(x[b, i]) R[i, o]); adjoint: from o to i with R's conjugate.</summary>
    public static void Apply<T>(T* x, T*[] weightRe, T*[] weightIm, T* y, int batch, int inputs, int outputs, Shape space, Shape modes, bool adjoint)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (from, to) = adjoint ? (outputs, inputs) : (inputs, outputs);
        var blocks = weightRe.Length;
        var kept = (int)modes.Size;
        using var memory = Workspace.Rent<T>(Spectrum<T>.Size(blocks, batch, from + to, kept));
        var before = new Spectrum<T>(memory.As<T>(), blocks, batch, from, kept);
        var after = new Spectrum<T>(memory.As<T>() + Spectrum<T>.Size(blocks, batch, from, kept), blocks, batch, to, kept);
        Analyse(x, before, space, modes, weighted: adjoint);
        for (var block = 0; block < blocks; block++)
        {
            // Rows are i and columns o of the weights; C's columns or A's rows are the batch.
            var weights = new ModeProduct.Matrix<T>(weightRe[block], weightIm[block], (long)outputs * kept, kept);
            if (adjoint)
                ModeProduct.Multiply(weights, before.Block(block).Transposed, after.Block(block).Transposed, inputs, outputs, batch, kept, conjugate: true);
            else
                ModeProduct.Multiply(before.Block(block), weights, after.Block(block), batch, inputs, outputs, kept, conjugate: false);
        }

        Synthesise(after, y, space, modes, weighted: !adjoint);
    }

    /// <summary>R[i, o] = Σ_b conj analysis(x[b, i]) weighted analysis(g[b, o]).</summary>
    public static void Outer<T>(T* x, T* g, T*[] weightRe, T*[] weightIm, int batch, int inputs, int outputs, Shape space, Shape modes)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var kept = (int)modes.Size;
        var blocks = weightRe.Length;
        using var memory = Workspace.Rent<T>(Spectrum<T>.Size(blocks, batch, inputs + outputs, kept));
        var left = new Spectrum<T>(memory.As<T>(), blocks, batch, inputs, kept);
        var right = new Spectrum<T>(memory.As<T>() + Spectrum<T>.Size(blocks, batch, inputs, kept), blocks, batch, outputs, kept);
        Analyse(x, left, space, modes, weighted: false);
        Analyse(g, right, space, modes, weighted: true);
        for (var block = 0; block < blocks; block++)
        {
            var weights = new ModeProduct.Matrix<T>(weightRe[block], weightIm[block], (long)outputs * kept, kept);
            ModeProduct.Multiply(left.Block(block).Transposed, right.Block(block), weights, inputs, batch, outputs, kept, conjugate: true);
        }
    }

    private static void Analyse<T>(T* x, Spectrum<T> spectrum, Shape space, Shape modes, bool weighted)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var tile = Tile<T>(spectrum.Images, space);
        Fft.Share((spectrum.Images + tile - 1) / tile, spectrum.Images * space.Size, new AnalyseBody<T>(x, spectrum, PrunedTransform<T>.For(space, modes, weighted), modes, tile));
    }

    private static void Synthesise<T>(Spectrum<T> spectrum, T* y, Shape space, Shape modes, bool weighted)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var tile = Tile<T>(spectrum.Images, space);
        Fft.Share((spectrum.Images + tile - 1) / tile, spectrum.Images * space.Size, new SynthesiseBody<T>(spectrum, y, PrunedTransform<T>.For(space, modes, weighted), modes, tile));
    }

    private static int Tile<T>(int images, Shape space)
        where T : unmanaged
    {
        var most = Math.Max(1, TileBytes / (space.Size * sizeof(T)));
        var share = Math.Max(1, images / (4 * WorkerPool.Shared.Threads));
        return (int)Math.Min(most, share);
    }

    // Lines of modes between an image's coefficients, in the order of frequencies, and the blocks.
    private static void Exchange<T>(T* re, T* im, Spectrum<T> spectrum, int first, int images, Shape modes, bool toBlocks)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int m = modes[^1], rank = modes.Rank;
        var lines = spectrum.Blocks * spectrum.Kept / m;
        for (var image = first; image < first + images; image++)
            for (var line = 0; line < lines; line++)
            {
                // Axis by axis, the last first: which half of its frequencies, and where in that half.
                int rest = line, block = 0, at = 0, step = m;
                for (var axis = rank - 2; axis >= 0; axis--)
                {
                    var k = rest % (2 * modes[axis]);
                    rest /= 2 * modes[axis];
                    block |= k >= modes[axis] ? 1 << axis : 0;
                    at += k % modes[axis] * step;
                    step *= modes[axis];
                }

                var there = ((long)block * spectrum.Images + image) * spectrum.Kept + at;
                Copy(re, spectrum.Re + there);
                Copy(im, spectrum.Im + there);
                re += m;
                im += m;
            }

        void Copy(T* own, T* there)
        {
            if (toBlocks)
                new Span<T>(own, m).CopyTo(new(there, m));
            else
                new Span<T>(there, m).CopyTo(new(own, m));
        }
    }

    // Coefficients of images, by blocks.
    private readonly struct Spectrum<T>(T* memory, int blocks, int batch, int channels, int kept)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public readonly T* Re = memory, Im = memory + (long)blocks * batch * channels * kept;
        public readonly int Blocks = blocks, Images = batch * channels, Kept = kept;

        public static long Size(int blocks, int batch, int channels, int kept) => 2L * blocks * batch * channels * kept;

        /// <summary>Rows are the batch, columns the channels.</summary>
        public ModeProduct.Matrix<T> Block(int block)
        {
            var at = (long)block * Images * Kept;
            return new(Re + at, Im + at, (long)channels * Kept, Kept);
        }
    }

    private readonly struct AnalyseBody<T>(T* x, Spectrum<T> spectrum, PrunedTransform<T> transform, Shape modes, int tile) : IParallelBody
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Invoke(int index)
        {
            int first = index * tile, images = Math.Min(tile, spectrum.Images - first);
            if (spectrum.Blocks == 1)
            {
                transform.Analyse(x + first * transform.Points, spectrum.Re + first * transform.Kept, spectrum.Im + first * transform.Kept, images);
                return;
            }

            using var scratch = Workspace.Rent<T>(2 * images * transform.Kept);
            T* re = scratch.As<T>(), im = re + images * transform.Kept;
            transform.Analyse(x + first * transform.Points, re, im, images);
            Exchange(re, im, spectrum, first, images, modes, toBlocks: true);
        }
    }

    private readonly struct SynthesiseBody<T>(Spectrum<T> spectrum, T* y, PrunedTransform<T> transform, Shape modes, int tile) : IParallelBody
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Invoke(int index)
        {
            int first = index * tile, images = Math.Min(tile, spectrum.Images - first);
            if (spectrum.Blocks == 1)
            {
                transform.Synthesise(spectrum.Re + first * transform.Kept, spectrum.Im + first * transform.Kept, y + first * transform.Points, images);
                return;
            }

            using var scratch = Workspace.Rent<T>(2 * images * transform.Kept);
            T* re = scratch.As<T>(), im = re + images * transform.Kept;
            Exchange(re, im, spectrum, first, images, modes, toBlocks: false);
            transform.Synthesise(re, im, y + first * transform.Points, images);
        }
    }
}
