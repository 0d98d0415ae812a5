using System.Globalization;
using System.Text;
using System.Xml;

namespace Noether.Examples.LossLandscape;

/// <summary>A surface as XML PolyData (.vtp), which ParaView opens.</summary>
/// <remarks>Points are numbered row by row; cells are quadrilaterals (i, i + 1, i + nx + 1, i + nx) where no point is missing. Source: Kitware, VTK file formats.</remarks>
internal static class VtkSurface
{
    /// <summary>Added to a loss before its logarithm, as the published export does, so that a loss of 0 has one.</summary>
    public const double LogarithmOffset = 0.1;

    /// <summary>Writes a surface, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="grid">Its <c>loss</c> is the height; every metric and the logarithm are data of the points.</param>
    /// <param name="logarithm">Whether the height is log10(loss + 0.1) instead.</param>
    /// <param name="clip">Losses above are taken for this; infinity: none.</param>
    /// <exception cref="FileFormatException">The file cannot be written.</exception>
    public static void Write(string path, MetricGrid grid, bool logarithm, double clip)
    {
        var (columns, losses) = (grid.Xs.Length, grid.Losses);
        // A point without a height would have none in the file either: it is left out, and the others count on.
        var numbers = new int[losses.Length];
        var points = new List<int>();
        for (var i = 0; i < losses.Length; i++)
        {
            numbers[i] = double.IsFinite(losses[i]) ? points.Count : -1;
            if (numbers[i] >= 0) points.Add(i);
        }

        int[][] cells =
        [
            .. from row in Enumerable.Range(0, grid.Ys.Length - 1)
               from column in Enumerable.Range(0, columns - 1)
               let first = row * columns + column
               let corners = Array.ConvertAll([first, first + 1, first + columns + 1, first + columns], i => numbers[i])
               where !corners.Contains(-1)
               select corners,
        ];
        double Height(int i) => logarithm ? Logarithm(i) : Math.Min(losses[i], clip);
        double Logarithm(int i) => Math.Log10(Math.Min(losses[i], clip) + LogarithmOffset);

        AtomicFile.Write(path, stream =>
        {
            using var xml = XmlWriter.Create(stream, new() { Indent = true, Encoding = new UTF8Encoding(false), CloseOutput = false });
            xml.WriteStartElement("VTKFile");
            xml.WriteAttributeString("type", "PolyData");
            xml.WriteAttributeString("version", "0.1");
            xml.WriteAttributeString("byte_order", "LittleEndian");
            xml.WriteStartElement("PolyData");
            xml.WriteStartElement("Piece");
            xml.WriteAttributeString("NumberOfPoints", Text(points.Count));
            foreach (var none in (string[])["NumberOfVerts", "NumberOfLines", "NumberOfStrips"]) xml.WriteAttributeString(none, "0");
            xml.WriteAttributeString("NumberOfPolys", Text(cells.Length));

            xml.WriteStartElement("PointData");
            xml.WriteAttributeString("Scalars", "loss");
            foreach (var name in grid.Names)
            {
                double[] values = [.. grid[name].Cast<double>()];
                DataArray(xml, name, "Float64", points.Select(i => name == "loss" ? Math.Min(values[i], clip) : values[i]));
            }

            DataArray(xml, "log", "Float64", points.Select(Logarithm));
            xml.WriteEndElement();

            xml.WriteStartElement("Points");
            DataArray(xml, "points", "Float64", points.SelectMany(i => new[] { grid.Xs[i % columns], grid.Ys[i / columns], Height(i) }), components: 3);
            xml.WriteEndElement();

            xml.WriteStartElement("Polys");
            DataArray(xml, "connectivity", "Int32", cells.SelectMany(static corners => corners));
            DataArray(xml, "offsets", "Int32", cells.Select(static (_, i) => 4 * (i + 1)));
            xml.WriteEndElement();
        });
    }

    private static void DataArray<T>(XmlWriter xml, string name, string type, IEnumerable<T> values, int components = 1) where T : IFormattable
    {
        xml.WriteStartElement("DataArray");
        xml.WriteAttributeString("type", type);
        xml.WriteAttributeString("Name", name);
        if (components > 1) xml.WriteAttributeString("NumberOfComponents", Text(components));
        xml.WriteAttributeString("format", "ascii");
        xml.WriteString(string.Join(' ', values.Select(static value => value.ToString(null, CultureInfo.InvariantCulture))));
        xml.WriteEndElement();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
