using System.Globalization;

namespace Noether.Models.WeightSpaces;

/// <summary>What must be known of sinusoidal networks to evaluate their weights: kept with every data set of them, and compared when it is read.</summary>
/// <remarks>The defaults are those of Zhou et al. (2023). Other published sets differ in the offset, in ω₀ of the first layer, and in their start.</remarks>
public sealed record SirenOptions
{
    /// <summary>ω₀ of the hidden layers: h ← sin(ω₀·(W·h + b)).</summary>
    public double Omega { get; init; } = 30;

    /// <summary>ω₀ of the first layer.</summary>
    public double FirstOmega { get; init; } = 30;

    /// <summary>Added to the output.</summary>
    public double OutputOffset { get; init; }

    /// <summary>Whether biases begin at zero; else uniform within 1/√inputs.</summary>
    public bool ZeroBiases { get; init; }

    /// <summary>What the pixel of no light and the pixel of full light are as outputs.</summary>
    public (double Black, double White) PixelRange { get; init; } = (-1, 1);

    /// <summary>As free text of a file.</summary>
    public IReadOnlyDictionary<string, string> ToNotes() => new Dictionary<string, string>
    {
        ["siren.omega"] = Text(Omega),
        ["siren.first_omega"] = Text(FirstOmega),
        ["siren.output_offset"] = Text(OutputOffset),
        ["siren.zero_biases"] = ZeroBiases ? "true" : "false",
        ["siren.black"] = Text(PixelRange.Black),
        ["siren.white"] = Text(PixelRange.White),
    };

    /// <summary>Throws unless a file was made with these options.</summary>
    /// <param name="path">Named in the error.</param>
    /// <param name="notes">The file's free text.</param>
    /// <exception cref="FileFormatException">An option is missing or another; the message names it and both values.</exception>
    public void CheckNotes(string path, IReadOnlyDictionary<string, string> notes)
    {
        ArgumentNullException.ThrowIfNull(notes);
        foreach (var (name, value) in ToNotes())
        {
            if (!notes.TryGetValue(name, out var found)) throw new FileFormatException($"{path}: does not say its '{name}'; it holds no sinusoidal networks");
            if (found != value) throw new FileFormatException($"{path}: was made with {name} = {found}, expected {value}");
        }
    }

    private static string Text(double value) => value.ToString("r", CultureInfo.InvariantCulture);
}
