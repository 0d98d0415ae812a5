using System.Numerics;
using Noether.Kernels.Windows;

namespace Noether.Kernels.Tests.Windows;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class WindowGradientKernelTests(string lane) : KernelFixture(lane)
{
    [Test]
    public void Windows_side_by_side_that_leave_elements_out() => AssertEqual<float>(2, WindowAxis.One, Axis(5, 2, 2, 2), Axis(7, 2, 2, 3));

    [Test]
    public void Windows_that_overlap_and_reach_over_both_edges()
    {
        AssertEqual<float>(2, WindowAxis.One, Axis(4, 3, 3, 2, low: 1), Axis(5, 5, 3, 1, low: 1));
        AssertEqual<double>(1, Axis(3, 2, 2, 1), Axis(5, 2, 2, 1, low: 3, dilation: 4), Axis(5, 3, 2, 1, dilation: 2));
    }

    private static WindowAxis Axis(int elements, int windows, int size, int step, int low = 0, int dilation = 1) =>
        new() { Elements = elements, Windows = windows, Size = size, Step = step, Low = low, Dilation = dilation };

    // Small whole numbers: equal whatever the order of the sums.
    private void AssertEqual<T>(int outer, WindowAxis plane, WindowAxis row, WindowAxis column)
        where T : unmanaged, INumber<T>
    {
        var elements = outer * plane.Elements * row.Elements * column.Elements;
        var windows = outer * plane.Windows * row.Windows * column.Windows;
        var x = Upload(Enumerable.Range(0, elements).Select(i => T.CreateChecked(i * 37 % 11 - 6)).ToArray());
        var cotangents = Enumerable.Range(1, windows).Select(static i => T.CreateChecked(i)).ToArray();
        var (values, positions, dx) = (Allocate<T>(windows), Allocate<long>(windows), Allocate<T>(elements));
        WindowAxes axes = new() { Plane = plane, Row = row, Column = column };
        Kernels.Get(static accelerator => new WindowMaximumKernel<T>(accelerator)).Launch(Stream, x, values, positions, axes);
        Kernels.Get(static accelerator => new WindowGradientKernel<T>(accelerator)).Launch(Stream, Upload(cotangents), positions, dx, axes);

        var expected = new T[elements];
        foreach (var (place, cotangent) in Download(positions).Zip(cotangents)) expected[place] += cotangent;
        Assert.That(Download(dx), Is.EqualTo(expected));
    }
}
