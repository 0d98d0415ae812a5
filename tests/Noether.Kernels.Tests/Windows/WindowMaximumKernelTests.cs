using System.Numerics;
using Noether.Kernels.Windows;

namespace Noether.Kernels.Tests.Windows;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class WindowMaximumKernelTests(string lane) : KernelFixture(lane)
{
    private readonly bool isSimulated = lane == "Simulator";

    [Test]
    public void Windows_side_by_side() => AssertEqual<float>(2, WindowAxis.One, Axis(4, 2, 2, 2), Axis(6, 3, 2, 2));

    [Test]
    public void Windows_that_overlap_and_reach_over_both_edges() =>
        AssertEqual<double>(2, WindowAxis.One, Axis(4, 3, 3, 2, low: 1), Axis(5, 3, 3, 2, low: 1));

    [Test]
    public void Windows_whose_elements_lie_apart() => AssertEqual<int>(1, Axis(3, 2, 2, 1), Axis(5, 2, 2, 1, low: 3, dilation: 4), Axis(5, 3, 2, 1, dilation: 2));

    [Test]
    public void Many_planes()
    {
        var (planes, side) = isSimulated ? (3, 4) : (96, 28);
        AssertEqual<long>(planes, WindowAxis.One, Axis(side, side / 2, 3, 2, low: 1), Axis(side, side / 2, 3, 2, low: 1));
    }

    [Test]
    public void The_first_of_equals_or_of_NaN_stays()
    {
        var nan = float.NaN;
        var (values, positions) = Run([1f, 1, 3, nan, nan, 2, float.NegativeInfinity, float.NegativeInfinity], WindowAxis.One, WindowAxis.One, Axis(8, 4, 2, 2));
        Assert.That(values, Is.EqualTo(new[] { 1, nan, nan, float.NegativeInfinity }));
        Assert.That(positions, Is.EqualTo(new long[] { 0, 3, 4, 6 }));
    }

    private static WindowAxis Axis(int elements, int windows, int size, int step, int low = 0, int dilation = 1) =>
        new() { Elements = elements, Windows = windows, Size = size, Step = step, Low = low, Dilation = dilation };

    private void AssertEqual<T>(int outer, WindowAxis plane, WindowAxis row, WindowAxis column)
        where T : unmanaged, INumber<T>
    {
        var x = Enumerable.Range(0, outer * plane.Elements * row.Elements * column.Elements).Select(i => T.CreateChecked(i * 37 % 11 - 6)).ToArray();
        List<T> largest = [];
        List<long> places = [];
        for (var o = 0; o < outer; o++)
            foreach (var p in Windows(plane))
                foreach (var r in Windows(row))
                    foreach (var c in Windows(column))
                    {
                        var elements = from i in p from j in r from k in c select ((o * plane.Elements + i) * row.Elements + j) * column.Elements + k;
                        var best = elements.MaxBy(i => x[i]);
                        largest.Add(x[best]);
                        places.Add(best);
                    }

        var (values, positions) = Run(x, plane, row, column);
        Assert.That(values, Is.EqualTo(largest));
        Assert.That(positions, Is.EqualTo(places));
    }

    private static IEnumerable<int[]> Windows(WindowAxis axis) =>
        Enumerable.Range(0, axis.Windows).Select(window => Enumerable.Range(0, axis.Size)
            .Select(place => window * axis.Step - axis.Low + place * axis.Dilation)
            .Where(at => at >= 0 && at < axis.Elements)
            .ToArray());

    private (T[] Values, long[] Positions) Run<T>(T[] x, WindowAxis plane, WindowAxis row, WindowAxis column)
        where T : unmanaged, INumber<T>
    {
        var windows = x.Length / (plane.Elements * row.Elements * column.Elements) * plane.Windows * row.Windows * column.Windows;
        var (values, positions) = (Allocate<T>(windows), Allocate<long>(windows));
        new WindowMaximumKernel<T>(Accelerator).Launch(Stream, Upload(x), values, positions, new() { Plane = plane, Row = row, Column = column });
        return (Download(values), Download(positions));
    }
}
