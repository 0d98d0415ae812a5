using System.Globalization;

using Noether.Nn;

namespace Noether.Examples.LossLandscape;

/// <summary>A network by name and width.</summary>
/// <param name="Name">Of <see cref="Networks.ByName"/>.</param>
/// <param name="Width">Channels of the first stage or of hidden layers; 0: the network's own.</param>
internal sealed record NetworkChoice(string Name, int Width = 0)
{
    private const string NameNote = "network", WidthNote = "width";

    /// <summary>The network, without numbers.</summary>
    public Module Make() => Networks.ByName[Name](Width);

    /// <summary>What a file of its weights says of it.</summary>
    public IEnumerable<KeyValuePair<string, string>> Notes => [new(NameNote, Name), new(WidthNote, Width.ToString(CultureInfo.InvariantCulture))];

    /// <summary>What a file's notes name; null: nothing that there is.</summary>
    public static NetworkChoice? Of(IReadOnlyDictionary<string, string> notes) =>
        notes.GetValueOrDefault(NameNote) is { } name && Networks.ByName.ContainsKey(name)
        && int.TryParse(notes.GetValueOrDefault(WidthNote), NumberStyles.None, CultureInfo.InvariantCulture, out var width)
            ? new(name, width)
            : null;

    /// <inheritdoc/>
    public override string ToString() => Width == 0 ? Name : string.Create(CultureInfo.InvariantCulture, $"{Name} of width {Width}");
}
