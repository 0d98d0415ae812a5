using System.Globalization;
using System.Text;
using Noether.Devices;

namespace Noether;

/// <summary>A profile's entries as text, a column a figure.</summary>
internal static class ProfileTable
{
    private const int MaxOperation = 44, MaxSource = 36;

    private static readonly string[] Head = ["operation", "source", "calls", "time ms", "time %", "MFLOP", "bytes", "GFLOP/s", "GB/s", "peak %"];

    public static string Of(Profile profile, int rows, int threads)
    {
        var entries = profile.Entries;
        var lines = new List<string[]> { Head };
        lines.AddRange(entries.Take(rows).Select(Cells));
        var widths = new int[Head.Length];
        foreach (var line in lines)
        {
            for (var i = 0; i < widths.Length; i++) widths[i] = Math.Max(widths[i], line[i].Length);
        }

        var text = new StringBuilder();
        foreach (var line in lines)
        {
            for (var i = 0; i < widths.Length; i++)
                text.Append(i == 0 ? "" : "  ").Append(i < 2 ? line[i].PadRight(widths[i]) : line[i].PadLeft(widths[i]));
            text.AppendLine();
        }

        if (entries.Count > rows)
            text.AppendLine($"and {entries.Count - rows} more: {Number(entries.Skip(rows).Sum(static e => e.Time.TotalMilliseconds), "0.000")} ms");
        var steps = entries.Where(static e => e.Kind == ProfileKind.Step).ToList();
        text.Append($"{Number(profile.Elapsed.TotalMilliseconds, "0.000")} ms; {steps.Sum(static e => e.Calls)} steps took {Number(100 * steps.Sum(static e => e.Share), "0.0")} %");
        if (steps.Exists(static e => e.Threads > 0))
        {
            var peak = Peak.Of(threads);
            text.Append($"; peak of {threads} threads: {Number(peak.GigaFlops, "0")} GFLOP/s in float32, {Number(peak.GigaBytes, "0.0")} GB/s");
        }

        return text.ToString();
    }

    private static string[] Cells(ProfileEntry entry)
    {
        var works = entry.Kind == ProfileKind.Step;
        return
        [
            Cut(entry.Operation, MaxOperation),
            Cut(entry.Source, MaxSource),
            Number(entry.Calls, "0"),
            Number(entry.Time.TotalMilliseconds, "0.000"),
            Number(100 * entry.Share, "0.0"),
            works ? Number(entry.Flops / 1e6, "0.000") : "",
            works ? MemoryPool.Text((long)entry.Bytes) : "",
            works ? Number(entry.GigaFlopsPerSecond, "0.0") : "",
            works ? Number(entry.GigaBytesPerSecond, "0.0") : "",
            entry.ShareOfPeak() is { } share ? Number(100 * share, "0") : "",
        ];
    }

    private static string Cut(string text, int width) => text.Length <= width ? text : text[..(width - 1)] + "…";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
