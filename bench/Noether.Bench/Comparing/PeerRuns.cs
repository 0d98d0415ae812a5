using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Noether.Bench.Comparing;

/// <summary>
/// Times of the same cases by several libraries, as <c>gpu --json</c> and the scripts of <c>bench/peers</c> write them. Each file holds runs, and
/// what several files hold together is a file again.
/// </summary>
/// <param name="Runs">One for each process that measured.</param>
internal sealed record PeerRuns(IReadOnlyList<PeerRuns.Run> Runs)
{
    /// <summary>The library whose times the others are divided by.</summary>
    public const string Ours = "noether";

    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The names of all cases, in the order in which they first appear, ours before others'.</summary>
    [JsonIgnore]
    public IEnumerable<string> Names => Runs.OrderBy(static run => run.Library == Ours ? 0 : 1).SelectMany(static run => run.Cases).Select(static timed => timed.Name).Distinct();

    /// <summary>The libraries other than ours.</summary>
    [JsonIgnore]
    public IEnumerable<string> Peers => Runs.Select(static run => run.Library).Where(static library => library != Ours).Distinct();

    /// <exception cref="InvalidDataException">The text is not such a file.</exception>
    public static PeerRuns Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<PeerRuns>(text, Format) is { } runs && runs.Runs.All(static run => run?.Cases.All(static timed => timed is not null) == true)
                ? runs
                : throw new InvalidDataException("no runs");
        }
        catch (JsonException wrong)
        {
            throw new InvalidDataException(wrong.Message, wrong);
        }
    }

    /// <summary>All runs of several files.</summary>
    /// <exception cref="InvalidDataException">A file is not what it should be; the message names it.</exception>
    public static PeerRuns Read(IEnumerable<FileInfo> files) => new([.. files.SelectMany(static file =>
    {
        try
        {
            return Parse(File.ReadAllText(file.FullName)).Runs;
        }
        catch (InvalidDataException wrong)
        {
            throw new InvalidDataException($"{file}: {wrong.Message}", wrong);
        }
    })]);

    /// <summary>One JSON object, which <see cref="Parse"/> reads.</summary>
    public string Json() => JsonSerializer.Serialize(this, Format);

    /// <summary>The median of all a library's samples of a case; null if it has none.</summary>
    public double? Milliseconds(string library, string name)
    {
        double[] samples = [.. Runs.Where(run => run.Library == library).SelectMany(static run => run.Cases).Where(timed => timed.Name == name).SelectMany(static timed => timed.Milliseconds)];
        return samples.Length == 0 ? null : Samples.Median(samples);
    }

    /// <summary>How many times faster than the fastest peer; null if a side is missing.</summary>
    public double? Ratio(string name) => Peers.Min(peer => Milliseconds(peer, name)) / Milliseconds(Ours, name);

    /// <summary>A Markdown table: medians, the fastest peer's time divided by ours, and what it shall be.</summary>
    /// <param name="target">The target of a case's name; null for none.</param>
    public string Table(Func<string, double?> target)
    {
        string[] peers = [.. Peers];
        List<string> lines =
        [
            .. Runs.Select(static run => $"{run.Library} {run.Version} on {run.Device}: {run.Settings}").Distinct(),
            "",
            $"| case | {Ours}, ms | {string.Concat(peers.Select(static peer => $"{peer}, ms | "))}peer/ours | target |",
            $"| --- | ---: | {string.Concat(peers.Select(static _ => "---: | "))}---: | ---: |",
        ];
        foreach (var name in Names)
        {
            var (ratio, aim) = (Ratio(name), target(name));
            lines.Add($"| {name} | {Text(Milliseconds(Ours, name), "F4")} | {string.Concat(peers.Select(peer => $"{Text(Milliseconds(peer, name), "F4")} | "))}{Text(ratio, "F2")} | "
                + $"{Text(aim, "0.##")}{(ratio < aim ? ", missed" : "")} |");
        }

        var errors = from run in Runs from timed in run.Cases where timed.Error is not null select $"{run.Library}: {timed.Name}: {timed.Error}";
        lines.AddRange(errors.Distinct().Prepend(""));
        return string.Join(Environment.NewLine, lines).TrimEnd();
    }

    private static string Text(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";

    /// <summary>What one process measured.</summary>
    /// <param name="Library"><see cref="Ours"/>, torch, jax.</param>
    /// <param name="Version">Its version.</param>
    /// <param name="Device">The hardware's name.</param>
    /// <param name="Settings">In words: precision modes, compilation, graphs.</param>
    /// <param name="Cases">The cases, in the order of measuring.</param>
    internal sealed record Run(string Library, string Version, string Device, string Settings, IReadOnlyList<Timed> Cases);

    /// <summary>One case.</summary>
    /// <param name="Name">The same in each library.</param>
    /// <param name="Milliseconds">Of one repetition, a sample each; empty if it failed.</param>
    /// <param name="Error">Why it failed, on one line.</param>
    internal sealed record Timed(string Name, IReadOnlyList<double> Milliseconds, string? Error = null);
}
