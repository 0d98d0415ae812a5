using System.Collections.Immutable;

using SkiaSharp;

namespace Noether.Plots;

/// <summary>Several drawings in one picture, row by row.</summary>
/// <param name="Columns">Drawings a row.</param>
public sealed record Panels(int Columns = 2) : Drawing
{
    /// <summary>Follows from the drawings: each column is as wide as its widest.</summary>
    public override int Width => Widths().Sum();

    /// <summary>Follows from the drawings: each row is as high as its highest.</summary>
    public override int Height => Heights().Sum();

    internal ImmutableArray<Drawing> Parts { get; init; } = [];

    /// <summary>The panels with one more drawing.</summary>
    public Panels Add(Drawing drawing)
    {
        ArgumentNullException.ThrowIfNull(drawing);
        return this with { Parts = Parts.Add(drawing) };
    }

    internal override void Draw(SKCanvas canvas)
    {
        var (widths, heights) = (Widths(), Heights());
        for (var i = 0; i < Parts.Length; i++)
        {
            canvas.Save();
            canvas.Translate(widths.Take(i % Columns).Sum(), heights.Take(i / Columns).Sum());
            Parts[i].Draw(canvas);
            canvas.Restore();
        }
    }

    private int[] Widths() => Widest(Math.Min(Columns, Parts.Length), i => i % Columns, part => part.Width);

    private int[] Heights() => Widest((Parts.Length + Columns - 1) / Columns, i => i / Columns, part => part.Height);

    private int[] Widest(int count, Func<int, int> place, Func<Drawing, int> size)
    {
        var sizes = new int[count];
        for (var i = 0; i < Parts.Length; i++)
            sizes[place(i)] = Math.Max(sizes[place(i)], size(Parts[i]));
        return sizes;
    }
}
