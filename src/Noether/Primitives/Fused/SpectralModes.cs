namespace Noether.Primitives;

/// <summary>The definition of spectral convolutions in Fourier transforms, slices and paddings; spectra are [modes, batch, channels] for each block.</summary>
internal static class SpectralModes
{
    /// <summary>The kept coefficients of [batch, channels, space…]. Weighted: over the number of points, and twice where a mirror image is left out.</summary>
    public static ComplexTensor[] Analyse(Tensor x, Shape modes, bool weighted)
    {
        int rank = modes.Rank, last = x.Rank - 1;
        var parts = Tensor.ApplyMany(new RealFourierTransform(last, rank - 1, weighted ? 1.0 / x.Shape[2..].Size : 1), x);
        if (weighted)
        {
            var counts = RealFourierTransform.Multiplicity(x, last, x.Shape[last]);
            parts = Array.ConvertAll(parts, part => part * counts);
        }

        var blocks = new ComplexTensor[1 << (rank - 1)];
        for (var block = 0; block < blocks.Length; block++)
        {
            var z = new ComplexTensor(parts[0], parts[1]).Narrow(last, 0, modes[^1]);
            for (var axis = 0; axis < rank - 1; axis++)
                z = z.Narrow(axis + 2, (block >> axis & 1) == 0 ? 0 : x.Shape[axis + 2] - modes[axis], modes[axis]);
            blocks[block] = new(Flat(z.Real), Flat(z.Imaginary));
        }

        return blocks;
    }

    /// <summary>Points [batch, channels, space…] of kept coefficients; not weighted it is the transpose of <see cref="Analyse"/>, and the other way round.</summary>
    public static Tensor Synthesise(ComplexTensor[] blocks, Shape modes, Shape space, bool weighted)
    {
        var rank = modes.Rank;
        var images = blocks[0].Shape[1..];
        var whole = Array.ConvertAll(blocks, z => z.Permute(1, 2, 0).Reshape([.. images, .. modes]));
        for (var axis = 0; axis < rank - 1; axis++)
        {
            var halves = whole;
            whole = new ComplexTensor[halves.Length / 2];
            for (var i = 0; i < whole.Length; i++)
            {
                var middle = halves[2 * i].Shape.With(axis + 2, space[axis] - 2 * modes[axis]);
                ComplexTensor zeros = Tensor.Zeros(middle, blocks[0].DType, blocks[0].Device);
                whole[i] = ComplexTensor.Concatenate(axis + 2, halves[2 * i], zeros, halves[2 * i + 1]);
            }
        }

        int n = space[^1], last = rank + 1;
        var (low, high) = (new int[rank + 2], new int[rank + 2]);
        high[last] = RealFourierTransform.Kept(n) - modes[^1];
        Tensor[] parts = [whole[0].Real, whole[0].Imaginary];
        parts = Array.ConvertAll(parts, part => Tensor.Apply(new Pad([.. low], [.. low], [.. high]), part));
        if (!weighted)
        {
            var once = 1 / RealFourierTransform.Multiplicity(parts[0], last, n);
            parts = Array.ConvertAll(parts, part => part * once);
        }

        return Tensor.Apply(new InverseRealFourierTransform(last, n, rank - 1, weighted ? 1.0 / space.Size : 1), parts);
    }

    /// <summary>[a, b, modes…] as [modes, a, b].</summary>
    public static Tensor Flat(Tensor x) => x.Reshape([x.Shape[0], x.Shape[1], checked((int)x.Shape[2..].Size)]).Permute(2, 0, 1);
}
