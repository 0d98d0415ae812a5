using System.Globalization;
using System.Text;
using Noether.Transforms;

namespace Noether;

public sealed partial class Tensor
{
    private const int EdgeItems = 3;
    private const int MostPrinted = 1000;

    /// <summary>The values as NumPy prints them (long axes shortened), with type and shape; evaluates. A traced tensor shows type and shape only.</summary>
    public override string ToString()
    {
        var type = $"{DType.Name()}{Shape}";
        if (Tracing.IsTraced(this)) return $"{type} (traced)";
        Evaluate();
        var edges = Size > MostPrinted ? EdgeItems : int.MaxValue;
        var shown = Shown(edges);
        var cells = shown.DType.IsFloating() ? Aligned(shown.ToArray<double>()) : Aligned(shown);
        var text = new StringBuilder();
        var next = 0;
        Append(text, cells, ref next, 0, edges);
        return $"{text} {type}";
    }

    // Only the corners travel from the device.
    private Tensor Shown(int edges)
    {
        var x = this;
        for (var axis = 0; axis < Rank; axis++)
        {
            if (Shape[axis] > 2L * edges)
                x = Concatenate(axis, x.Narrow(axis, 0, edges), x.Narrow(axis, x.Shape[axis] - edges, edges));
        }

        return x;
    }

    private static string[] Aligned(Tensor x)
    {
        var cells = x.DType == DType.Bool
            ? Array.ConvertAll(x.ToArray<bool>(), static b => b ? "true" : "false")
            : Array.ConvertAll(x.ToArray<long>(), static i => i.ToString(CultureInfo.InvariantCulture));
        return Padded(cells);
    }

    private static string[] Aligned(double[] values)
    {
        var finite = values.Where(double.IsFinite).Select(Math.Abs).Where(v => v > 0).ToArray();
        var wide = finite.Length > 0 && (finite.Max() >= 1e8 || finite.Min() < 1e-4 || finite.Max() / finite.Min() > 1e6);
        var whole = values.All(v => !double.IsFinite(v) || v == Math.Round(v));
        var format = wide ? "0.0000e+00" : whole ? "0'.'" : "0.0000";
        return Padded(Array.ConvertAll(values, v => double.IsFinite(v) ? v.ToString(format, CultureInfo.InvariantCulture) : v.ToString(CultureInfo.InvariantCulture)));
    }

    private static string[] Padded(string[] cells)
    {
        var width = cells.Select(c => c.Length).DefaultIfEmpty(0).Max();
        return Array.ConvertAll(cells, c => c.PadLeft(width));
    }

    private void Append(StringBuilder text, string[] cells, ref int next, int axis, int edges)
    {
        if (axis == Rank)
        {
            text.Append(cells[next++]);
            return;
        }

        var cut = Shape[axis] > 2L * edges;
        var count = cut ? 2 * edges : Shape[axis];
        var separator = axis == Rank - 1 ? ", " : ",\n" + new string(' ', axis + 1);
        text.Append('[');
        for (var i = 0; i < count; i++)
        {
            if (i > 0) text.Append(separator);
            if (cut && i == edges) text.Append("…").Append(separator);
            Append(text, cells, ref next, axis + 1, edges);
        }

        text.Append(']');
    }
}
