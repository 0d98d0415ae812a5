using Noether.Nn;

namespace Noether.Examples.LossLandscape;

/// <summary>A point in weight space: a network with its numbers.</summary>
/// <param name="Network">Which.</param>
/// <param name="Module">The network itself.</param>
/// <param name="Parameters">Its weights.</param>
/// <param name="State">Its running statistics.</param>
/// <param name="Source">Where the numbers come from, in words.</param>
internal sealed record Solution(NetworkChoice Network, Module Module, Parameters Parameters, Parameters State, string Source)
{
    /// <summary>The note of a file that tells how its numbers came about.</summary>
    public const string SettingsNote = "settings";

    /// <summary>Weights and running statistics together.</summary>
    public Parameters Point => Parameters.Merge(State);

    /// <summary>The numbers of a file.</summary>
    /// <param name="path">Safetensors, by the module's names.</param>
    /// <param name="asked">Which network it must be; null: what the file names, else small.</param>
    /// <exception cref="FileFormatException">The file is absent, broken, of another network, or holds numbers that are not finite.</exception>
    public static Solution Read(string path, NetworkChoice? asked)
    {
        var noted = NetworkChoice.Of(Checkpoint.Notes(path));
        if (noted is not null && asked is not null && (asked.Name != noted.Name || (asked.Width != 0 && asked.Width != noted.Width)))
            throw new FileFormatException($"{path}: holds {noted}, not {asked}");
        var network = noted ?? asked ?? new("small");
        var module = network.Make();
        var (like, state) = (module.Init(RandomKey.From(0)), module.InitState());
        var all = Checkpoint.LoadParameters(path, like.Merge(state));
        foreach (var (name, tensor) in all)
        {
            if (tensor.DType.IsFloating() && !tensor.IsFinite().All().Item<bool>()) throw new FileFormatException($"{path}: '{name}' {tensor.Shape} holds values that are not finite");
        }

        return new(network, module, all.Where(like.Contains), all.Where(state.Contains), path);
    }

    /// <summary>Writes the numbers, with what <see cref="Read"/> needs to know of them.</summary>
    public void Save(string path, string settings) =>
        Checkpoint.SaveParameters(path, Point, new Dictionary<string, string>(Network.Notes) { [SettingsNote] = settings });
}
