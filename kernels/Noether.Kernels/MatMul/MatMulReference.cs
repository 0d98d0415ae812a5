using System.Numerics;

namespace Noether.Kernels.MatMul;

/// <summary>A product by its definition.</summary>
public static class MatMulReference
{
    /// <summary>One product of dense row-major matrices, the sums in double.</summary>
    public static double[] Of<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, int rows, int inner, int columns)
        where T : unmanaged, INumber<T>
    {
        var c = new double[rows * columns];
        for (var at = 0; at < c.Length; at++)
        {
            for (var k = 0; k < inner; k++)
                c[at] += double.CreateChecked(a[at / columns * inner + k]) * double.CreateChecked(b[k * columns + at % columns]);
        }

        return c;
    }
}
