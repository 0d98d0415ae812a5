using Noether.Models.Curvature;
using Noether.Models.LossLandscapes;
using Noether.Nn;

namespace Noether.Models.Tests.LossLandscapes;

public sealed class AdaptiveSurfaceTests
{
    private static readonly double[] Coarse = LossLandscape.Steps(-1, 1, 5);

    [Test]
    public void A_surface_that_bends_in_one_place_is_computed_there()
    {
        // a bump beside a plane
        double Bump(double x, double y) => 0.1 * x + Math.Exp(-40 * ((x - 0.5) * (x - 0.5) + (y + 0.5) * (y + 0.5)));
        var found = new AdaptiveSurface { Tolerance = 0.01 }.Compute(Of(Bump), Coarse, Coarse);
        var wrong = 0.0;
        for (var row = 0; row < 33; row++)
        {
            for (var column = 0; column < 33; column++)
            {
                var error = Math.Abs(found.Grid.Loss[row, column] - Bump(found.Grid.Xs[column], found.Grid.Ys[row]));
                wrong = Math.Max(wrong, error);
                if (found.Computed[row, column]) Assert.That(error, Is.Zero, $"{row}, {column}");
            }
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(found.Grid.Xs, Is.EqualTo(LossLandscape.Steps(-1, 1, 33)).Within(1e-14));
            Assert.That(wrong, Is.LessThan(0.05));
            Assert.That(found.Points, Is.LessThan(33 * 33 / 3).And.EqualTo(found.Computed.Cast<bool>().Count(static c => c)));
            Assert.That(found.Error, Is.LessThanOrEqualTo(0.015));
            Assert.That(found.Computed[9, 24], Is.True, "beside the bump");
            Assert.That(found.Computed[27, 5], Is.False, "far from it");
        }
    }

    [Test]
    public void A_tolerance_of_nothing_computes_all_and_a_plane_only_the_first_two_grids()
    {
        var all = new AdaptiveSurface { Tolerance = 0, Levels = 2 }.Compute(Of(static (x, y) => Math.Sin(3 * x + y * y)), Coarse, Coarse[..3]);
        var plane = new AdaptiveSurface { Levels = 2 }.Compute(Of(static (x, y) => x - 2 * y), Coarse, Coarse[..3]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((all.Points, all.Error), Is.EqualTo((17 * 9, 0.0)));
            Assert.That(plane.Points, Is.EqualTo(9 * 5));
            for (var i = 0; i < 17 * 9; i++) Assert.That(plane.Grid.Loss[i / 17, i % 17], Is.EqualTo(plane.Grid.Xs[i % 17] - 2 * plane.Grid.Ys[i / 17]).Within(1e-12));
        }
    }

    [Test]
    public void No_point_is_computed_twice_or_beyond_the_budget()
    {
        var seen = new HashSet<(double, double)>();
        var twice = 0;
        var of = Of(static (x, y) => Math.Sin(9 * x * y));
        var surface = new AdaptiveSurface { Tolerance = 1e-6, Budget = 200, Together = 7 };
        var found = surface.Compute((a, b) => { twice += a.Zip(b).Count(point => !seen.Add(point)); return of(a, b); }, Coarse, Coarse);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(twice, Is.Zero);
            Assert.That(found.Points, Is.EqualTo(seen.Count).And.InRange(190, 200));
        }
    }

    [Test]
    public void The_rim_of_a_hole_is_refined_and_its_inside_is_not()
    {
        var found = new AdaptiveSurface().Compute(Of(static (x, y) => x * x + y * y > 0.6 ? double.NaN : 1), LossLandscape.Steps(-2, 2, 9), LossLandscape.Steps(-2, 2, 9));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(found.Points, Is.LessThan(65 * 65 / 2));
            Assert.That(found.Grid.Loss[32, 32], Is.EqualTo(1));
            Assert.That(found.Grid.Loss[1, 1], Is.NaN);
        }
    }

    [Test]
    public void Errors_may_be_judged_by_the_logarithm()
    {
        Func<double, double, double> exponential = static (x, y) => Math.Exp(8 * x + 3 * y);
        var (plain, logarithm) = (new AdaptiveSurface(), new AdaptiveSurface { Measure = Math.Log });
        Assert.That(logarithm.Compute(Of(exponential), Coarse, Coarse).Points, Is.EqualTo(81).And.LessThan(plain.Compute(Of(exponential), Coarse, Coarse).Points));
    }

    [Test]
    public void A_networks_surface_is_that_of_the_whole_grid_where_it_is_computed()
    {
        var network = new Sequential(new Linear(3, 5), Activation.Tanh, new Linear(5, 4));
        var weights = network.Init(RandomKey.From(1), DType.Float64);
        var data = Dataset.Of(RandomKey.From(2).Normal([7, 3], type: DType.Float64), Tensor.From([0L, 1, 2, 3, 0, 1, 2]));
        var landscape = new LossLandscape(network, OutputLoss.CrossEntropy(), data.Batches(4));
        Parameters x = Direction.Random(weights, RandomKey.From(3)), y = Direction.Random(weights, RandomKey.From(4));
        var found = new AdaptiveSurface { Levels = 2 }.Compute(landscape.PointsThrough(weights, x, y), Coarse, Coarse);
        var whole = landscape.Plane(weights, x, y, found.Grid.Xs, found.Grid.Ys);
        var range = whole.Loss.Cast<double>().Max() - whole.Loss.Cast<double>().Min();
        using (Assert.EnterMultipleScope())
        {
            for (var i = 0; i < whole.Loss.Length; i++)
            {
                var (row, column) = (i / 17, i % 17);
                Assert.That(found.Grid.Loss[row, column], Is.EqualTo(whole.Loss[row, column]).Within(found.Computed[row, column] ? 1e-12 : 0.03 * range), $"{row}, {column}");
            }

            Assert.That(found.Points, Is.LessThan(17 * 17));
        }
    }

    private static Func<IReadOnlyList<double>, IReadOnlyList<double>, LandscapePoints> Of(Func<double, double, double> f) =>
        (a, b) => new([.. a.Zip(b, f)], new double[a.Count], new bool[a.Count]);
}
