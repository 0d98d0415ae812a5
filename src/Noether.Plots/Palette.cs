using ScottPlot;

namespace Noether.Plots;

/// <summary>Colours that stay apart for every common kind of colour blindness.</summary>
internal static class Palette
{
    /// <summary>Text and axes: not quite black.</summary>
    public static readonly Color Ink = Color.FromHex("#222222");

    /// <summary>Grid lines, behind everything.</summary>
    public static readonly Color Faint = Color.FromHex("#E4E4E4");

    /// <summary>Cells without a number.</summary>
    public static readonly Color Missing = Color.FromHex("#BBBBBB");

    // Okabe and Ito 2008, "Color universal design", the yellow left out: it vanishes on white; then three of Tol 2021, "Colour schemes", muted
    private static readonly Color[] Series =
    [
        Color.FromHex("#0072B2"), Color.FromHex("#D55E00"), Color.FromHex("#009E73"), Color.FromHex("#CC79A7"),
        Color.FromHex("#56B4E9"), Color.FromHex("#E69F00"), Color.FromHex("#555555"), Color.FromHex("#332288"),
        Color.FromHex("#117733"), Color.FromHex("#882255"),
    ];

    // ColorBrewer's RdBu and Blues (Brewer 2003), low to high
    private static readonly Color[] Signed =
    [
        Color.FromHex("#053061"), Color.FromHex("#2166AC"), Color.FromHex("#4393C3"), Color.FromHex("#92C5DE"), Color.FromHex("#D1E5F0"),
        Color.FromHex("#F7F7F7"),
        Color.FromHex("#FDDBC7"), Color.FromHex("#F4A582"), Color.FromHex("#D6604D"), Color.FromHex("#B2182B"), Color.FromHex("#67001F"),
    ];

    private static readonly Color[] Shares =
    [
        Color.FromHex("#FFFFFF"), Color.FromHex("#DEEBF7"), Color.FromHex("#C6DBEF"), Color.FromHex("#9ECAE1"), Color.FromHex("#6BAED6"),
        Color.FromHex("#4292C6"), Color.FromHex("#2171B5"), Color.FromHex("#08519C"), Color.FromHex("#08306B"),
    ];

    /// <summary>The colour of the n-th series; the ten repeat.</summary>
    public static Color Of(int series) => Series[series % Series.Length];

    public static IColormap Of(ColorMap map) => map switch
    {
        ColorMap.Viridis => new ScottPlot.Colormaps.Viridis(),
        ColorMap.Diverging => new ScottPlot.Colormaps.CustomInterpolated(Signed),
        ColorMap.Blues => new ScottPlot.Colormaps.CustomInterpolated(Shares),
        _ => new ScottPlot.Colormaps.Grayscale(),
    };
}
