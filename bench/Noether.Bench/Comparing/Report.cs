using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Noether.Bench.Cases;

namespace Noether.Bench.Comparing;

/// <summary>Measurements as a Markdown table and as JSON.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Table(IReadOnlyList<Measurement> measured)
    {
        string[] head = ["group", "case", "ours, ms", "peer, ms", "peer/ours", "of peak", "difference"];
        var rows = measured.Select(static m => new[]
        {
            m.Case.Group, m.Case.Name, Milliseconds(m.Ours), Milliseconds(m.Theirs), Text(m.Ratio, "F2"), Text(100 * m.ShareOfPeak, "F0") + " %", Text(m.MaxDifference, "E1"),
        }).Prepend(head).ToArray();
        var widths = head.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        for (var i = 0; i < rows.Length; i++)
        {
            text.Append("| ").AppendJoin(" | ", rows[i].Select((cell, column) => column < 2 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))).Append(" |");
            if (i == 0)
            {
                text.AppendLine().Append("| ")
                    .AppendJoin(" | ", widths.Select(static (width, column) => column < 2 ? new('-', width) : new string('-', width - 1) + ":")).Append(" |");
            }

            if (i < rows.Length - 1) text.AppendLine();
        }

        return text.ToString();
    }

    public static string Json(IReadOnlyList<Measurement> measured, int threads, Peak peak) => new JsonObject
    {
        ["machine"] = Machine.Description,
        ["threads"] = threads,
        ["peer"] = Peer.Present?.Name,
        ["peak_gflops"] = Number(peak.GigaFlops),
        ["peak_gbytes"] = Number(peak.GigaBytes),
        ["cases"] = new JsonArray([.. measured.Select(static m => new JsonObject
        {
            ["group"] = m.Case.Group,
            ["name"] = m.Case.Name,
            ["ours_ms"] = Number(m.Ours / 1e6),
            ["peer_ms"] = Number(m.Theirs / 1e6),
            ["ratio"] = Number(m.Ratio),
            ["share_of_peak"] = Number(m.ShareOfPeak),
            ["max_difference"] = Number(m.MaxDifference),
        })]),
    }.ToJsonString(Format);

    // JSON has no word for what is not a number.
    private static JsonNode? Number(double? value) => value is { } number && double.IsFinite(number) ? JsonValue.Create(number) : null;

    private static string Milliseconds(double? nanoseconds) => Text(nanoseconds / 1e6, nanoseconds < 1e5 ? "F4" : nanoseconds < 1e7 ? "F3" : "F2");

    private static string Text(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
