using Noether.Models.LossLandscapes;

namespace Noether.Models.Tests.LossLandscapes;

public sealed class SurfaceConvexityTests
{
    private static readonly double[] Xs = LossLandscape.Steps(-2, 2, 17);
    private static readonly double[] Ys = LossLandscape.Steps(-1, 1, 9);

    [Test]
    public void A_convex_quadratic_is_convex()
    {
        foreach (var f in (Func<double, double, double>[])[(x, y) => 3 * x * x + 2 * x * y + y * y - x, (x, _) => x * x, (x, y) => (x + y) * (x + y), (x, y) => x - 2 * y, (_, _) => 7])
        {
            var found = SurfaceConvexity.Of(Grid(f));
            using (Assert.EnterMultipleScope())
            {
                Assert.That(found.NegativeShare, Is.Zero);
                Assert.That(found.NegativeRatio, Is.Zero);
                Assert.That(found.LargestGap, Is.LessThan(1e-9));
                Assert.That((found.Interior, found.Holes), Is.EqualTo((15 * 7, 0)));
            }
        }
    }

    [Test]
    public void A_saddle_bends_down_everywhere_and_lies_above_two_planes()
    {
        // McCormick (1976): the envelope of x·y over a box
        double Envelope(double x, double y) => Math.Max(-x - 2 * y - 2, x + 2 * y - 2);
        var grid = Grid(static (x, y) => x * y);
        var (found, envelope) = (SurfaceConvexity.Of(grid), ConvexEnvelope.Of(Xs, Ys, grid.Loss));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(found.NegativeShare, Is.EqualTo(1));
            Assert.That(found.NegativeRatio, Is.EqualTo(1).Within(1e-9), "eigenvalues 1 and -1");
            Assert.That(envelope, Is.EqualTo(Grid(Envelope).Loss).Within(1e-9));
            Assert.That(found.Range, Is.EqualTo(4).Within(1e-12));
            Assert.That(found.LargestGap, Is.EqualTo(0.5).Within(1e-9), "x·y + 2 at the centre, of 4");
        }
    }

    [Test]
    public void The_ratio_is_that_of_the_eigenvalues()
    {
        var found = SurfaceConvexity.Of(Grid(static (x, y) => 2 * x * x - 0.5 * y * y));
        Assert.That(found.NegativeRatio, Is.EqualTo(0.25).Within(1e-9));
        Assert.That(SurfaceConvexity.Of(Grid(static (x, y) => -2 * x * x - y * y)).NegativeRatio, Is.EqualTo(1).Within(1e-9), "a cap");
    }

    [Test]
    public void A_double_well_is_bridged_between_its_minima()
    {
        double Well(double x) => (x * x - 1) * (x * x - 1);
        var grid = Grid((x, y) => Well(x) + y * y);
        var envelope = ConvexEnvelope.Of(Xs, Ys, grid.Loss);
        var found = SurfaceConvexity.Of(grid);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(envelope, Is.EqualTo(Grid((x, y) => (Math.Abs(x) <= 1 ? 0 : Well(x)) + y * y).Loss).Within(1e-8));
            Assert.That(found.LargestGap, Is.EqualTo(1 / 10.0).Within(1e-9), "1 of 9 + 1");
            var bridged = Xs.Where(static x => Math.Abs(x) < 1).Sum(Well);
            Assert.That(found.MeanGap, Is.EqualTo(bridged / Xs.Length / 10).Within(1e-9));
            Assert.That(found.NegativeShare, Is.EqualTo(5 / 15.0).Within(1e-12), "12x² + 2h² < 4 for the steps h = 1/4: |x| ≤ 1/2");
        }
    }

    // Every point of an envelope is the lowest point of the triangles, edges and points above it.
    [TestCase(1, false)]
    [TestCase(2, false)]
    [TestCase(3, true)]
    [TestCase(4, true)]
    public void The_envelope_of_any_points_is_the_lowest_of_their_triangles(int seed, bool holes)
    {
        var random = new Random(seed);
        double[] xs = [-1, -0.3, 0.1, 0.9, 2], ys = [0, 0.2, 1.5, 1.7];
        var values = new double[ys.Length, xs.Length];
        for (var i = 0; i < values.Length; i++) values[i / xs.Length, i % xs.Length] = holes && random.Next(4) == 0 ? double.NaN : random.NextDouble() * 10 - 3;
        var points = Enumerable.Range(0, values.Length).Select(i => (X: xs[i % xs.Length], Y: ys[i / xs.Length], Z: values[i / xs.Length, i % xs.Length]))
            .Where(static point => double.IsFinite(point.Z)).ToArray();
        var envelope = ConvexEnvelope.Of(xs, ys, values);
        using (Assert.EnterMultipleScope())
        {
            for (var i = 0; i < values.Length; i++)
            {
                var (row, column) = (i / xs.Length, i % xs.Length);
                Assert.That(double.IsNaN(envelope[row, column]), Is.EqualTo(double.IsNaN(values[row, column])));
                if (double.IsFinite(values[row, column])) Assert.That(envelope[row, column], Is.EqualTo(Lowest(points, xs[column], ys[row])).Within(1e-8), $"{row}, {column}");
            }
        }
    }

    [Test]
    public void Holes_are_left_out_and_counted()
    {
        var grid = Grid(static (x, y) => x * x + y * y);
        (grid.Loss[4, 8], grid.Loss[0, 0]) = (double.NaN, double.PositiveInfinity);
        var found = SurfaceConvexity.Of(grid);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((found.Holes, found.Interior), Is.EqualTo((2, 15 * 7 - 9 - 1)));
            Assert.That(found.NegativeShare, Is.Zero);
            Assert.That(found.LargestGap, Is.LessThan(1e-9));
        }
    }

    [Test]
    public void Noise_in_the_values_is_no_curvature()
    {
        var random = new Random(5);
        var grid = Grid((x, y) => x + 1 + 1e-7 * random.NextDouble());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(SurfaceConvexity.Of(grid, noise: 1e-7).NegativeShare, Is.Zero);
            Assert.That(SurfaceConvexity.Of(grid, noise: 0).NegativeShare, Is.GreaterThan(0.5));
        }
    }

    [Test]
    public void A_line_has_an_envelope_and_no_interior()
    {
        var found = SurfaceConvexity.Of(Xs, [0], Grid(static (x, _) => -x * x, [0]).Loss);
        Assert.That(found.Interior, Is.Zero);
        Assert.That(found.LargestGap, Is.EqualTo(1).Within(1e-12));
    }

    [Test]
    public void Wrong_calls_say_what_is_wrong()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => ConvexEnvelope.Of(Xs, Xs, Grid(static (x, _) => x).Loss), Throws.ArgumentException.With.Message.Contains("values [9, 17] are not [17, 17]"));
            Assert.That(() => ConvexEnvelope.Of([0, 1, 1], [0], new double[1, 3]), Throws.ArgumentException.With.Message.Contains("xs do not ascend at 1, 1"));
            Assert.That(() => SurfaceConvexity.Of([0], [0], new[,] { { double.NaN } }), Throws.ArgumentException.With.Message.Contains("no value is finite"));
        }
    }

    private static double Lowest((double X, double Y, double Z)[] points, double x, double y)
    {
        var lowest = double.PositiveInfinity;
        foreach (var a in points)
        {
            if (a.X == x && a.Y == y) lowest = Math.Min(lowest, a.Z);
            foreach (var b in points)
            {
                foreach (var c in points)
                {
                    var area = (b.X - a.X) * (c.Y - a.Y) - (c.X - a.X) * (b.Y - a.Y);
                    double u, v;
                    if (Math.Abs(area) < 1e-12)
                    {
                        // an edge: the third corner takes no part
                        var length = (b.X - a.X) * (b.X - a.X) + (b.Y - a.Y) * (b.Y - a.Y);
                        if (length == 0 || Math.Abs((b.X - a.X) * (y - a.Y) - (b.Y - a.Y) * (x - a.X)) > 1e-12) continue;
                        (u, v) = (((x - a.X) * (b.X - a.X) + (y - a.Y) * (b.Y - a.Y)) / length, 0);
                    }
                    else
                    {
                        (u, v) = (((x - a.X) * (c.Y - a.Y) - (c.X - a.X) * (y - a.Y)) / area, ((b.X - a.X) * (y - a.Y) - (x - a.X) * (b.Y - a.Y)) / area);
                    }

                    if (u < -1e-12 || v < -1e-12 || u + v > 1 + 1e-12) continue;
                    lowest = Math.Min(lowest, (1 - u - v) * a.Z + u * b.Z + v * c.Z);
                }
            }
        }

        return lowest;
    }

    private static LandscapeGrid Grid(Func<double, double, double> f, double[]? rows = null)
    {
        var ys = rows ?? Ys;
        var loss = new double[ys.Length, Xs.Length];
        for (var row = 0; row < ys.Length; row++)
        {
            for (var column = 0; column < Xs.Length; column++) loss[row, column] = f(Xs[column], ys[row]);
        }

        return new(Xs, ys, loss, new double[ys.Length, Xs.Length], new bool[ys.Length, Xs.Length]);
    }
}
