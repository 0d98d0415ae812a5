using System.Text.Json;

using Noether.Models.LossLandscapes;

namespace Noether.Examples.LossLandscape;

/// <summary>Everything that a grid of losses depends on but its points.</summary>
internal static class Description
{
    /// <summary>The convention of all losses here.</summary>
    public const string Loss = "CrossEntropy(0), mean over images";

    /// <summary>As texts by name.</summary>
    /// <param name="verb">What is computed.</param>
    /// <param name="points">The solutions that directions begin and end at.</param>
    /// <param name="images">The data.</param>
    /// <param name="sets">The parts that losses are means over.</param>
    /// <param name="statistics">What batch normalisation normalises by.</param>
    /// <param name="directions">How directions were made.</param>
    public static Dictionary<string, string> Of(
        string verb, IReadOnlyList<Solution> points, ImageSets images, IReadOnlyList<EvaluationSet> sets, BatchStatistics statistics, string directions) => new()
        {
            ["verb"] = verb,
            ["network"] = points[0].Network.ToString(),
            ["weights_hash"] = Fingerprint.Of(points.SelectMany(static at => at.Point.Leaves)),
            ["data"] = images.Name,
            ["data_hash"] = Fingerprint.Of(sets.SelectMany(static set => set.Batches).SelectMany(static batch => batch.Leaves)),
            ["images"] = string.Join(", ", sets.Select(static set => $"{set.Count} ({set.Name})")),
            ["loss"] = Loss,
            ["statistics"] = statistics.ToString(),
            ["directions"] = directions,
        };

    /// <summary>As the header of a file of arrays.</summary>
    public static string Header(IReadOnlyDictionary<string, string> description) => JsonSerializer.Serialize(description, Figures.Format);
}
