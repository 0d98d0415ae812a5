namespace Noether.Nn;

/// <summary>Parameters and whole training states as safetensors files, written whole or not at all.</summary>
/// <remarks>
/// A file of parameters holds them under their own names, as PyTorch's state dict does. A training state holds <c>parameters.…</c>, <c>optimizer.…</c>,
/// <c>state.…</c> and <c>key</c>; the step is <c>optimizer.step</c>.
/// </remarks>
public static class Checkpoint
{
    private const string ParametersPart = "parameters";
    private const string OptimizerPart = "optimizer";
    private const string StatePart = "state";
    private const string KeyName = "key";

    /// <summary>Writes parameters.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="parameters">Under their own names.</param>
    /// <param name="notes">Free text by key.</param>
    /// <exception cref="FileFormatException">The file cannot be written; the old one is untouched.</exception>
    public static void SaveParameters(string path, Parameters parameters, IReadOnlyDictionary<string, string>? notes = null) =>
        TensorFiles.SaveSafeTensors(path, parameters, notes);

    /// <summary>Reads parameters.</summary>
    /// <param name="path">The file.</param>
    /// <param name="like">The names, order, shapes and types expected: a fresh <c>Init</c>. Null: what the file has, in its order.</param>
    /// <param name="device">Default: <see cref="Device.Default"/>.</param>
    /// <exception cref="FileFormatException">The file is absent, broken, or holds other tensors; the message names the first.</exception>
    public static Parameters LoadParameters(string path, Parameters? like = null, Device? device = null)
    {
        using var file = SafeTensorsFile.Open(path);
        return like is null
            ? new(file.Names.Select(name => KeyValuePair.Create(name, file.Arrays[name].ToTensor(device))))
            : Read(path, file, like, device);
    }

    /// <summary>Writes a training state.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="state">Everything that training has reached.</param>
    /// <param name="notes">Free text by key: the optimiser, the command line.</param>
    /// <exception cref="FileFormatException">The file cannot be written; the old one is untouched.</exception>
    public static void Save(string path, TrainingState state, IReadOnlyDictionary<string, string>? notes = null) =>
        TensorFiles.SaveSafeTensors(path, Joined(state), notes);

    /// <summary>Reads a training state that continues to the same bits.</summary>
    /// <param name="path">The file.</param>
    /// <param name="like">The structure expected: a fresh <see cref="Trainer.Init"/>.</param>
    /// <param name="device">Default: <see cref="Device.Default"/>.</param>
    /// <exception cref="FileFormatException">The file is absent, broken, or of another model or optimiser; the message names the first tensor.</exception>
    public static TrainingState Load(string path, TrainingState like, Device? device = null)
    {
        using var file = SafeTensorsFile.Open(path);
        return like.WithLeaves(Read(path, file, Joined(like), device).Leaves);
    }

    /// <summary>The free text of a file.</summary>
    /// <exception cref="FileFormatException">The file is absent or broken.</exception>
    public static IReadOnlyDictionary<string, string> Notes(string path)
    {
        using var file = SafeTensorsFile.Open(path);
        return file.Metadata;
    }

    private static Parameters Joined(TrainingState state) => Parameters
        .Nest((ParametersPart, state.Parameters), (OptimizerPart, state.Optimizer), (StatePart, state.State))
        .Merge(Parameters.Of((KeyName, state.Key.Words)));

    // Everything is checked before anything is copied: nobody sees half of a file.
    private static Parameters Read(string path, SafeTensorsFile file, Parameters like, Device? device)
    {
        var present = file.Names.ToHashSet();
        var arrays = new HostArray[like.Count];
        for (var i = 0; i < arrays.Length; i++)
        {
            var (name, expected) = like[i];
            if (!present.Contains(name)) throw new FileFormatException($"{path}: '{name}' is missing");
            arrays[i] = file.Arrays[name];
            if (!arrays[i].Shape.Equals(expected.Shape) || arrays[i].DType != expected.DType)
            {
                throw new FileFormatException(
                    $"{path}: '{name}' is {arrays[i].DType.Name()}{arrays[i].Shape}, expected {expected.DType.Name()}{expected.Shape}");
            }
        }

        if (file.Names.FirstOrDefault(name => !like.Contains(name)) is { } extra) throw new FileFormatException($"{path}: '{extra}' is not expected");
        return like.WithLeaves(Array.ConvertAll(arrays, array => array.ToTensor(device)));
    }
}
