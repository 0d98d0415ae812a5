using System.Globalization;
using System.Net;
using System.Text;

namespace Noether.Examples;

/// <summary>A page of results: sections with words, tables and figures in one HTML file that needs nothing else.</summary>
/// <param name="title">Of the page.</param>
public sealed class ReportPage(string title)
{
    private readonly StringBuilder body = new();

    /// <summary>How many sections there are.</summary>
    public int Sections { get; private set; }

    /// <summary>Begins a section.</summary>
    /// <param name="heading">Its title.</param>
    /// <param name="words">A paragraph below; null for none.</param>
    public void Section(string heading, string? words = null)
    {
        Sections++;
        body.Append(CultureInfo.InvariantCulture, $"<h2>{WebUtility.HtmlEncode(heading)}</h2>\n");
        if (words is not null) Words(words);
    }

    /// <summary>A paragraph.</summary>
    public void Words(string words) => body.Append(CultureInfo.InvariantCulture, $"<p>{WebUtility.HtmlEncode(words)}</p>\n");

    /// <summary>A table; the first column stands left, the others right.</summary>
    /// <param name="columns">The heads.</param>
    /// <param name="rows">One text for each column.</param>
    public void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        body.Append("<table>\n<tr>").AppendJoin("", columns.Select(static head => $"<th>{WebUtility.HtmlEncode(head)}")).Append("</tr>\n");
        foreach (var row in rows) body.Append("<tr>").AppendJoin("", row.Select(static cell => $"<td>{WebUtility.HtmlEncode(cell)}")).Append("</tr>\n");
        body.Append("</table>\n");
    }

    /// <summary>A PNG file as part of the page.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public void Figure(string path) => body.Append(
        CultureInfo.InvariantCulture, $"<p><img alt=\"{WebUtility.HtmlEncode(Path.GetFileNameWithoutExtension(path))}\" src=\"data:image/png;base64,{Convert.ToBase64String(File.ReadAllBytes(path))}\"></p>\n");

    /// <summary>Writes the page, whole or not at all.</summary>
    /// <exception cref="FileFormatException">The file cannot be written.</exception>
    public void Save(string path)
    {
        var html = $$"""
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>{{WebUtility.HtmlEncode(title)}}</title>
            <style>
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
            table { border-collapse: collapse; margin: 1rem 0; }
            th, td { padding: .3rem .9rem; border-bottom: 1px solid #ddd; text-align: right; }
            th:first-child, td:first-child { text-align: left; }
            img { max-width: 100%; }
            </style>
            <h1>{{WebUtility.HtmlEncode(title)}}</h1>
            {{body}}
            </html>
            """;
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(html)));
    }
}
