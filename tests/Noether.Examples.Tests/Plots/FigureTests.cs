using System.Xml.Linq;

using Noether.Plots;

using SkiaSharp;

namespace Noether.Examples.Tests.Plots;

public sealed class FigureTests
{
    private static readonly double[] X = [.. Enumerable.Range(1, 50).Select(i => (double)i)];
    private static readonly double[] Y = [.. X.Select(x => 100 / x)];
    private static readonly double[] Grid = [.. Enumerable.Range(0, 200).Select(i => Math.Sin(i / 20 * 0.5) + Math.Cos(i % 20 * 0.4))];
    private static readonly string[] Names = ["cat", "dog", "owl"];

    public static IEnumerable<TestCaseData> Drawings()
    {
        yield return Named("line", new Figure("Loss", "step", "loss").Line(Y, "training").Line(X, Y, "test", dashed: true));
        yield return Named("logarithmic line", new Figure("Loss") { XScale = AxisScale.Logarithmic, YScale = AxisScale.Logarithmic }.Line(X, Y));
        yield return Named("scatter", new Figure("Points").Scatter(X, Y, "points"));
        yield return Named("band and rules", new Figure().Band(X, Y, X).Line(X, Y).HorizontalRule(30, "limit").VerticalRule(20).Text(20, 30, "here"));
        yield return Named("histogram", new Figure("Values").Histogram(Y, 12, "values"));
        yield return Named("bars", new Figure("Accuracy").Bars(Names, [0.9, 0.8, 0.95], "a").Bars(Names, [0.7, double.NaN, 0.5], "b"));
        yield return Named("heat map", new Figure("Field").HeatMap(Grid, 10, 20, (-1, 1), (0, 5), ColorMap.Diverging, "height", smooth: true));
        yield return Named("heat map of one row", new Figure("Row").HeatMap([1.0, 2.0, 3.0], 1, 3));
        yield return Named("contour", new Figure("Field").Contour(Grid, 10, 20, count: 6));
        yield return Named("heat map with contour", new Figure("Field").HeatMap(Grid, 10, 20).Contour(Grid, 10, 20, levels: [0.0, 0.5]));
        yield return Named("heat map with a path", new Figure("Field").HeatMap(Grid, 10, 20, range: (-3, 3)).Path([1.0, 5.0, 9.0], [1.0, 4.0, 3.0], "path"));
        yield return Named("surface", SurfacePlot.Of<double>(Grid, 10, 20) with { Title = "Field", Ticks = [(0, "0"), (1, "1")] });
        yield return Named("surface with a hole", SurfacePlot.Of<double>([0, 1, 2, double.NaN, 4, 5, 6, 7, 8], 3, 3));
        yield return Named("confusion matrix", Figure.ConfusionMatrix([9, 1, 0, 0, 10, 0, 2, 0, 8], Names));
        yield return Named("image grid", Digits(5));
        yield return Named("panels", new Panels(2).Add(new Figure("Left").Line(Y)).Add(Digits(3)).Add(new Figure("Below").Line(X)));
        yield return Named("nothing", new Figure("Empty"));
        yield return Named("only missing numbers", new Figure("Missing").Line([double.NaN, double.NaN], "nothing"));
        yield return Named("one constant point", new Figure("Constant").Line([2.0], "constant"));

        static TestCaseData Named(string name, Drawing drawing) => new TestCaseData(drawing).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Drawings))]
    public void A_png_has_the_asked_size_and_more_than_one_colour(Drawing drawing)
    {
        using var bitmap = SKBitmap.Decode(drawing.ToPng());

        Assert.That((bitmap.Width, bitmap.Height), Is.EqualTo((drawing.Width * 2, drawing.Height * 2)));
        Assert.That(bitmap.Pixels.Distinct().Count(), Is.GreaterThan(1));
    }

    [TestCaseSource(nameof(Drawings))]
    public void An_svg_is_well_formed_and_holds_shapes(Drawing drawing)
    {
        var svg = XDocument.Parse(drawing.ToSvg());

        Assert.That(svg.Root!.Name.LocalName, Is.EqualTo("svg"));
        Assert.That(svg.Root.Descendants().Count(), Is.GreaterThan(1));
    }

    [Test]
    public void A_line_has_the_colour_of_its_series()
    {
        using var bitmap = SKBitmap.Decode(new Figure().Line([0.0, 1.0]).Line([1.0, 0.0]).ToPng());

        var colours = bitmap.Pixels.ToHashSet();
        Assert.That(colours, Does.Contain(SKColor.Parse("#0072B2")));
        Assert.That(colours, Does.Contain(SKColor.Parse("#D55E00")));
    }

    [Test]
    public void Row_zero_of_a_heat_map_is_at_the_bottom()
    {
        // black below, white above
        using var bitmap = SKBitmap.Decode(new Figure().HeatMap([0.0, 0.0, 1.0, 1.0], 2, 2, map: ColorMap.Gray).ToPng());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(bitmap.GetPixel(bitmap.Width / 2, bitmap.Height / 4), Is.EqualTo(SKColors.White));
            Assert.That(bitmap.GetPixel(bitmap.Width / 2, bitmap.Height * 3 / 4), Is.EqualTo(SKColors.Black));
        }
    }

    [Test]
    public void A_figure_does_not_change_when_a_layer_is_added()
    {
        var one = new Figure("A").Line(Y);
        var before = one.ToPng();
        _ = one.Line(X);

        Assert.That(one.ToPng(), Is.EqualTo(before));
    }

    [Test]
    public void Wrong_data_are_refused_with_what_was_found()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => new Figure().Line([1.0, 2.0], [1.0]), Refused("Line: 2 and 1 values"));
            Assert.That(() => new Figure().Scatter([1.0], [1.0, 2.0]), Refused("Scatter: 1 and 2 values"));
            Assert.That(() => new Figure().Bars(Names, [1.0]), Refused("Bars: 3 and 1 values"));
            Assert.That(() => new Figure().Histogram([1.0], bins: 0), Refused("Histogram: 0 bins"));
            Assert.That(() => new Figure().HeatMap(Grid, 10, 10), Refused("HeatMap: 200 values for 10 rows x 10 columns"));
            Assert.That(() => new Figure().HeatMap(Grid, 10, 20, x: (1, 1)), Refused("HeatMap: x runs from 1 to 1"));
            Assert.That(() => new Figure().Contour(Grid, 1, 200), Refused("Contour: a matrix of 1 x 200"));
            Assert.That(() => Figure.ConfusionMatrix([1, 2], Names), Refused("ConfusionMatrix: 2 counts for 3 classes"));
            Assert.That(() => Raster.Gray(Grid, 3, 3), Refused("Gray: 200 values for 3 x 3"));
            Assert.That(() => new Figure { YScale = AxisScale.Logarithmic }.Histogram(Y).ToPng(), Refused("Histogram: needs linear axes"));
        }

        static NUnit.Framework.Constraints.IResolveConstraint Refused(string start) =>
            Throws.TypeOf<FigureException>().With.Message.StartsWith(start);
    }

    private static ImageGrid Digits(int count)
    {
        var grid = new ImageGrid("Digits", 4);
        for (var i = 0; i < count; i++)
            grid = grid.Add(Raster.Gray(Grid, 10, 20, -2, 2), $"{i} → {i + 1}\na caption too long for its cell");
        return grid.Add(Raster.Rgb(Grid.AsSpan(0, 12).ToArray(), 2, 2));
    }
}
