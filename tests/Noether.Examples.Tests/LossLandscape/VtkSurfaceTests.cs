using System.Globalization;
using System.Xml.Linq;

using Noether.Examples.LossLandscape;

namespace Noether.Examples.Tests.LossLandscape;

/// <summary>Surfaces for ParaView, read back.</summary>
[TestFixture]
public sealed class VtkSurfaceTests
{
    [Test]
    public void A_surface_that_is_no_square_keeps_its_points_cells_and_data()
    {
        var piece = Written(Grid(), logarithm: false, clip: double.PositiveInfinity);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(((int?)piece.Attribute("NumberOfPoints"), (int?)piece.Attribute("NumberOfPolys")), Is.EqualTo((12, 6)));
            Assert.That(Numbers(piece, "points")[15..18], Is.EqualTo([-1, 0.5, 6.0]), "point 5 is the second of the second row");
            Assert.That(Numbers(piece, "connectivity")[..8], Is.EqualTo([0, 1, 5, 4, 1, 2, 6, 5]));
            Assert.That(Numbers(piece, "connectivity")[^4..], Is.EqualTo([6, 7, 11, 10]));
            Assert.That(Numbers(piece, "offsets"), Is.EqualTo([4, 8, 12, 16, 20, 24]));
            Assert.That(Numbers(piece, "loss"), Is.EqualTo(Enumerable.Range(1, 12)));
            Assert.That(Numbers(piece, "accuracy"), Is.EqualTo(Enumerable.Range(1, 12).Select(static i => i / 100.0)));
            Assert.That(Numbers(piece, "log"), Is.EqualTo(Enumerable.Range(1, 12).Select(static i => Math.Log10(i + 0.1))).Within(1e-12));
        }
    }

    [Test]
    public void Heights_may_be_logarithms_and_are_clipped()
    {
        var piece = Written(Grid(), logarithm: true, clip: 4);
        double[] heights = [.. Numbers(piece, "points").Where(static (_, i) => i % 3 == 2)];
        Assert.That(heights, Is.EqualTo(Enumerable.Range(1, 12).Select(static i => Math.Log10(Math.Min(i, 4) + 0.1))).Within(1e-12));
    }

    [Test]
    public void A_hole_leaves_out_its_point_and_the_cells_around()
    {
        var grid = Grid();
        grid["loss"][1, 1] = double.NaN;
        var piece = Written(grid, logarithm: false, clip: double.PositiveInfinity);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Numbers(piece, "loss"), Is.EqualTo([1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12]));
            Assert.That(Numbers(piece, "connectivity"), Is.EqualTo([2, 3, 6, 5, 5, 6, 10, 9]), "numbers count the points that are there");
        }
    }

    // 3 rows of 4: losses 1 to 12.
    private static MetricGrid Grid()
    {
        var grid = new MetricGrid([-2, -1, 0, 1], [-0.5, 0.5, 1.5], ["loss", "accuracy"]);
        for (var i = 0; i < 12; i++) (grid["loss"][i / 4, i % 4], grid["accuracy"][i / 4, i % 4]) = (i + 1, (i + 1) / 100.0);
        return grid;
    }

    private static XElement Written(MetricGrid grid, bool logarithm, double clip)
    {
        using var folder = new TemporaryFolder();
        VtkSurface.Write(folder["surface.vtp"], grid, logarithm, clip);
        var file = XDocument.Load(folder["surface.vtp"]).Root!;
        Assert.That((string?)file.Attribute("type"), Is.EqualTo("PolyData"));
        return file.Element("PolyData")!.Element("Piece")!;
    }

    private static double[] Numbers(XElement piece, string name) =>
        [.. piece.Descendants("DataArray").Single(array => (string?)array.Attribute("Name") == name).Value.Split(' ').Select(static word => double.Parse(word, CultureInfo.InvariantCulture))];
}
