using System.Numerics;
using Noether.Kernels.Copies;
using Noether.Kernels.Spectral;

namespace Noether.Kernels.Tests.Spectral;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class ModeProductKernelTests(string lane) : KernelFixture(lane)
{
    [TestCase(1, 1, 1, 1)]
    [TestCase(2, 3, 4, 5)]
    [TestCase(3, 2, 1, 40)]
    [TestCase(5, 4, 3, 7)]
    [TestCase(2, 0, 3, 2)]
    public void Products_equal_their_definition(int rows, int inner, int columns, int modes)
    {
        AssertEqual<float>(rows, inner, columns, modes, isLeftConjugate: false, isRightConjugate: false);
        AssertEqual<float>(rows, inner, columns, modes, isLeftConjugate: true, isRightConjugate: false);
        AssertEqual<double>(rows, inner, columns, modes, isLeftConjugate: false, isRightConjugate: true);
    }

    // Modes of the left matrices lie in every second place, those of the results from the last to the first.
    private void AssertEqual<T>(int rows, int inner, int columns, int modes, bool isLeftConjugate, bool isRightConjugate)
        where T : unmanaged, INumber<T>
    {
        T[] ar = Values<T>(rows * inner * 2 * modes, 19), ai = Values<T>(rows * inner * 2 * modes, 17);
        T[] br = Values<T>(inner * columns * modes, 13), bi = Values<T>(inner * columns * modes, 11);
        var a = Matrix(Upload(ar), Upload(ai), IndexMap.Create([modes], [2]), inner * 2 * modes, 2 * modes, isLeftConjugate);
        var b = Matrix(Upload(br), Upload(bi), IndexMap.Create([modes], [1]), columns * modes, modes, isRightConjugate);
        var c = Matrix(Allocate<T>(rows * columns * modes), Allocate<T>(rows * columns * modes), IndexMap.Create([modes], [-1], modes - 1), columns * modes, modes, false);
        Kernels.Get(static accelerator => new ModeProductKernel<T>(accelerator))
            .Launch(Stream, a, b, c, new() { Rows = rows, Inner = inner, Columns = columns, Modes = modes });
        T[] re = Download(c.Real), im = Download(c.Imaginary);
        for (var mode = 0; mode < modes; mode++)
        {
            var left = Enumerable.Range(0, rows * inner).Select(i => Number(ar, ai, (i * modes + mode) * 2, isLeftConjugate)).ToArray();
            var right = Enumerable.Range(0, inner * columns).Select(i => Number(br, bi, i * modes + mode, isRightConjugate)).ToArray();
            var actual = Enumerable.Range(0, rows * columns).Select(i => Number(re, im, i * modes + modes - 1 - mode, false));
            Assert.That(actual, Is.EqualTo(ModeProductKernel<T>.Reference(left, right, rows, inner, columns)), $"mode {mode}");
        }
    }

    private static ModeMatrix<T> Matrix<T>(ILGPU.ArrayView<T> real, ILGPU.ArrayView<T> imaginary, IndexMap modes, long row, long column, bool isConjugate)
        where T : unmanaged, INumber<T> =>
        new() { Real = real, Imaginary = imaginary, Modes = modes, RowStride = row, ColumnStride = column, Sign = isConjugate ? -T.One : T.One };

    private static Complex Number<T>(T[] re, T[] im, int at, bool isConjugate)
        where T : INumber<T> => new(double.CreateChecked(re[at]), double.CreateChecked(isConjugate ? -im[at] : im[at]));

    // Small integers: equal whatever the order of the sums.
    private static T[] Values<T>(int count, int period)
        where T : INumber<T> => [.. Enumerable.Range(0, count).Select(i => T.CreateChecked(i * 7 % period - period / 2))];
}
