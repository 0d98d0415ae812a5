using System.Collections;
using System.Globalization;

namespace Noether.Examples;

/// <summary>What results depend on, name by name: kept with them as one line, so that a run does not go on with those of another.</summary>
/// <example><code>
/// var settings = new RunSettings(("network", "tanh"), ("images", 500), ("rates", new[] { 0.1, 0.2 }));
/// if (run.Resume &amp;&amp; File.Exists(path)) settings.Check(path, Checkpoint.Notes(path).GetValueOrDefault("settings"));
/// </code></example>
public sealed class RunSettings
{
    private const string Between = "; ", Is = " = ";
    private const int MostNamed = 3, LongestWord = 24, Shown = 8;

    private readonly Dictionary<string, string> values = [];
    private readonly string line;

    /// <summary>Settings in the order in which they are told.</summary>
    /// <param name="settings">Names in snake_case, and texts, numbers or lists of them.</param>
    /// <exception cref="ArgumentException">A name stands twice.</exception>
    public RunSettings(params IEnumerable<(string Name, object Value)> settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        foreach (var (name, value) in settings) values.Add(name, Text(value).Replace(Between, ", ", StringComparison.Ordinal));
        line = string.Join(Between, values.Select(static each => each.Key + Is + each.Value));
    }

    /// <summary>The line that is kept: <c>network = tanh; images = 500</c>.</summary>
    public override string ToString() => line;

    /// <summary>Refuses what was made with other settings.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="kept">The line that it keeps; null if it has none.</param>
    /// <exception cref="FileFormatException">It is of other settings; the message tells which.</exception>
    public void Check(string path, string? kept)
    {
        if (Refusal(path, kept) is { } refusal) throw new FileFormatException(refusal);
    }

    /// <summary>Why what was made with other settings is not gone on with; null if the settings are these.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="kept">The line that it keeps; null if it has none.</param>
    public string? Refusal(string path, string? kept)
    {
        if (kept == line) return null;
        var found = (kept ?? "").Split(Between).Select(static each => each.Split(Is, 2)).Where(static each => each.Length == 2).DistinctBy(static each => each[0]).ToDictionary(static each => each[0], static each => each[1]);
        string[] differences =
        [
            .. values.Where(own => !found.TryGetValue(own.Key, out var other) || other != own.Value)
                .Select(own => $"{own.Key}{Is}{(found.TryGetValue(own.Key, out var other) ? Short(other) : "nothing")}, not {Short(own.Value)}"),
            .. found.Where(other => !values.ContainsKey(other.Key)).Select(static other => $"{other.Key}{Is}{Short(other.Value)}, not nothing"),
        ];
        var how = found.Count == 0 || differences.Length == 0
            ? "it does not say of which"
            : string.Join(Between, differences.Take(MostNamed)) + (differences.Length > MostNamed ? $"; and {differences.Length - MostNamed} more" : "");
        return $"{path}: is of other settings ({how}); choose another --out, or leave out --resume";
    }

    private static string Text(object value) => value switch
    {
        string text => text,
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable list => string.Join(' ', list.Cast<object>().Select(Text)),
        _ => value.ToString() ?? "",
    };

    // Of fingerprints the first digits tell enough.
    private static string Short(string value) => value.Length > LongestWord && !value.Contains(' ') ? value[..Shown] + "…" : value;
}
