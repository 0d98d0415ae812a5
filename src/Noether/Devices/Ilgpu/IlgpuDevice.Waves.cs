using System.Numerics;
using ILGPU;
using Noether.Kernels.Spectral;

namespace Noether.Devices.Ilgpu;

/// <content>Tables of waves.</content>
internal sealed partial class IlgpuDevice
{
    // [n, 2m] of a last axis: cos 2πkt/n, then -sin, for k from 0 to m-1. Weighted: by the number of points, and as often as mirror images have it.
    private ArrayView<T> RealWaves<T>(Shape space, int m, bool weighted)
        where T : unmanaged, INumber<T>
    {
        var n = space[^1];
        var scale = weighted ? 1.0 / space.Size : 1;
        return Waves<T>((n, m, weighted ? scale : -1, typeof(T)), 2L * n * m, values =>
        {
            for (var t = 0; t < n; t++)
                for (var k = 0; k < m; k++)
                {
                    var (cosine, sine) = UnitRoot.At((long)t * k % n, n);
                    var counts = weighted && k > 0 && 2 * k != n ? 2 * scale : scale;
                    values[t * 2 * m + k] = T.CreateChecked(counts * cosine);
                    values[t * 2 * m + m + k] = T.CreateChecked(-counts * sine);
                }
        });
    }

    // [2, 2m, n, 2] of a leading axis: what real and imaginary part of mode k, in the order 0..m-1, -m..-1, take of those of point t.
    private ArrayView<T> ComplexWaves<T>(int n, int m)
        where T : unmanaged, INumber<T> =>
        Waves<T>((n, m, 0, typeof(T)), 8L * n * m, values =>
        {
            var part = 4 * m * n;
            for (var k = 0; k < 2 * m; k++)
                for (var t = 0; t < n; t++)
                {
                    var (cosine, sine) = UnitRoot.At((long)t * (k < m ? k : n - 2 * m + k) % n, n);
                    var at = (k * n + t) * 2;
                    values[at] = values[part + at + 1] = T.CreateChecked(cosine);
                    values[at + 1] = T.CreateChecked(sine);
                    values[part + at] = T.CreateChecked(-sine);
                }
        });

    private ArrayView<T> Waves<T>((int, int, double, Type) key, long count, Action<T[]> fill)
        where T : unmanaged, INumber<T> =>
        Table((nameof(Waves), key), () =>
        {
            var values = new T[count];
            fill(values);
            return values;
        });
}
