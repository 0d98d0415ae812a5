using SkiaSharp;

namespace Noether.Plots;

/// <summary>The face of all text: DejaVu Sans where it is installed, else a common sans-serif, else what the system gives.</summary>
internal static class Typeface
{
    private static readonly string[] Preferred = ["DejaVu Sans", "Noto Sans", "Liberation Sans", "Segoe UI", "Helvetica Neue", "Arial"];

    /// <summary>The name that ScottPlot and SVG files take.</summary>
    public static string Name { get; } = Choose();

    /// <summary>A font of a size in points. On a system without fonts it draws nothing, and measures zero.</summary>
    public static SKFont Font(float size, bool bold = false) =>
        new(SKTypeface.FromFamilyName(Name, bold ? SKFontStyle.Bold : SKFontStyle.Normal) ?? SKTypeface.Default, size) { Subpixel = true };

    private static string Choose()
    {
        var installed = SKFontManager.Default.FontFamilies.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return Preferred.FirstOrDefault(installed.Contains) ?? SKTypeface.Default.FamilyName;
    }
}
