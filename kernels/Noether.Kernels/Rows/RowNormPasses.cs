using ILGPU;
using Noether.Kernels.Lanes;
using Noether.Kernels.Reductions;

namespace Noether.Kernels.Rows;

/// <summary>The last pass over a row of a layer normalisation. Inside kernels only.</summary>
internal static class RowNormPasses<V>
    where V : unmanaged, IFloatLanes<V>
{
    /// <summary>y = (x - mean)·scale·w + b.</summary>
    public static void Values(
        ArrayView<V> x, ArrayView<V> w, ArrayView<V> b, ArrayView<V> y, V mean, V scale, int weighted, FoldPart part, FoldSizes sizes)
    {
        if (sizes.Packed != 0)
        {
            ArrayView<Quad<V>> from = Quads.Of(x), factors = Quads.Of(w), terms = Quads.Of(b), to = Quads.Of(y);
            for (; part.Position < part.End; part = OneRun.Next(part, sizes))
            {
                var a = from[part.Address];
                Quad<V> value = new() { X = (a.X - mean) * scale, Y = (a.Y - mean) * scale, Z = (a.Z - mean) * scale, W = (a.W - mean) * scale };
                if (weighted != 0)
                {
                    Quad<V> f = factors[part.Position], t = terms[part.Position];
                    value = new() { X = value.X * f.X + t.X, Y = value.Y * f.Y + t.Y, Z = value.Z * f.Z + t.Z, W = value.W * f.W + t.W };
                }

                to[part.Address] = value;
            }

            return;
        }

        for (; part.Position < part.End; part = OneRun.Next(part, sizes))
        {
            var value = (x[part.Address] - mean) * scale;
            if (weighted != 0) value = value * w[part.Position] + b[part.Position];
            y[part.Address] = value;
        }
    }

    /// <summary>dx = scale·(h - along - x̂·across), with the means of h and of h·x̂.</summary>
    public static void Gradients(
        ArrayView<V> x, ArrayView<V> w, ArrayView<V> g, ArrayView<V> dx, V mean, V scale, V along, V across, int weighted, FoldPart part, FoldSizes sizes)
    {
        if (sizes.Packed != 0)
        {
            ArrayView<Quad<V>> from = Quads.Of(x), with = Quads.Of(g), factors = Quads.Of(w), to = Quads.Of(dx);
            for (; part.Position < part.End; part = OneRun.Next(part, sizes))
            {
                Quad<V> a = from[part.Address], h = with[part.Address];
                if (weighted != 0)
                {
                    var f = factors[part.Position];
                    h = new() { X = h.X * f.X, Y = h.Y * f.Y, Z = h.Z * f.Z, W = h.W * f.W };
                }

                to[part.Address] = new()
                {
                    X = Element(a.X, h.X, mean, scale, along, across),
                    Y = Element(a.Y, h.Y, mean, scale, along, across),
                    Z = Element(a.Z, h.Z, mean, scale, along, across),
                    W = Element(a.W, h.W, mean, scale, along, across),
                };
            }

            return;
        }

        for (; part.Position < part.End; part = OneRun.Next(part, sizes))
        {
            var h = g[part.Address];
            if (weighted != 0) h *= w[part.Position];
            dx[part.Address] = Element(x[part.Address], h, mean, scale, along, across);
        }
    }

    private static V Element(V x, V h, V mean, V scale, V along, V across) => scale * (h - along - (x - mean) * scale * across);
}
