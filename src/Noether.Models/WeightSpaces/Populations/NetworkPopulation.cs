using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>Many networks of equal sizes, and what is known of each: a data set of networks.</summary>
/// <remarks>
/// As a safetensors file: <c>W{i}</c> [networks, n_{i+1}, n_i] (and height and width of a filter), <c>b{i}</c> [networks, n_{i+1}], and the columns by their
/// names. The sizes follow from the shapes.
/// </remarks>
/// <param name="networks">Weights and biases: features of one channel.</param>
/// <param name="columns">Numbers of each network by name, the networks along axis 0.</param>
/// <param name="notes">Free text by key.</param>
public sealed class NetworkPopulation(WeightFeatures networks, Parameters columns, IReadOnlyDictionary<string, string> notes)
{
    /// <summary>How many networks there are.</summary>
    public int Count => Networks.Batch;

    /// <summary>Their sizes.</summary>
    public WeightSpec Spec => Networks.Spec;

    /// <summary>Weights and biases: features of one channel.</summary>
    public WeightFeatures Networks { get; } = networks.Channels == 1 ? networks : throw new ShapeException($"NetworkPopulation: {networks.Channels} features an entry are no weights of networks");

    /// <summary>Numbers of each network by name, the networks along axis 0.</summary>
    public Parameters Columns { get; } = columns.All(column => column.Value.Rank > 0 && column.Value.Shape[0] == networks.Batch)
        ? columns
        : throw new ShapeException($"NetworkPopulation: a column is not of {networks.Batch} networks:\n{columns}");

    /// <summary>Free text by key.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; } = notes;

    /// <summary>One population of several, in order; the notes are the first's.</summary>
    /// <exception cref="ShapeException">The sizes or the columns differ, or there is none.</exception>
    public static NetworkPopulation Join(IReadOnlyList<NetworkPopulation> parts)
    {
        if (parts.Count == 0) throw new ShapeException("NetworkPopulation: no networks");
        var first = parts[0];
        foreach (var part in parts)
        {
            if (!part.Spec.Equals(first.Spec)) throw new ShapeException($"NetworkPopulation: networks {part.Spec} among networks {first.Spec}");
            if (!part.Columns.Names.SequenceEqual(first.Columns.Names))
                throw new ShapeException($"NetworkPopulation: columns {string.Join(", ", part.Columns.Names)} among columns {string.Join(", ", first.Columns.Names)}");
        }

        Tensor Along(Func<NetworkPopulation, Tensor> tensor) => Tensor.Concatenate(0, [.. parts.Select(tensor)]);
        return new(
            first.Networks.Map((i, _) => Along(p => p.Networks.Weights[i]), (i, _) => Along(p => p.Networks.Biases[i])),
            first.Columns.WithLeaves([.. first.Columns.Names.Select(name => Along(p => p.Columns[name]))]),
            first.Notes);
    }

    /// <summary>Chosen networks, in this order.</summary>
    public NetworkPopulation Take(ReadOnlySpan<int> indices)
    {
        var chosen = Tensor.From(indices, [indices.Length], Networks.Biases[0].Device);
        return new(Networks.Map(t => t.Take(chosen)), Columns.Map(t => t.Take(chosen)), Notes);
    }

    /// <summary>The networks as vectors and chosen columns, to train with.</summary>
    public Dataset ToDataset(params ReadOnlySpan<string> columns)
    {
        var all = new List<Tensor> { Networks.ToVectors() };
        foreach (var column in columns) all.Add(Columns[column]);
        return Dataset.Of([.. all]);
    }

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <exception cref="FileFormatException">It cannot be written.</exception>
    public void Save(string path) => TensorFiles.SaveSafeTensors(
        path,
        Enumerable.Range(0, Spec.Layers).SelectMany(i => (KeyValuePair<string, Tensor>[])
            [new($"W{i}", Networks.Unfold(i).Squeeze(1)), new($"b{i}", Networks.Biases[i].Squeeze(1))]).Concat(Columns),
        Notes);

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">Default: <see cref="Device.Default"/>.</param>
    /// <exception cref="FileFormatException">
    /// Absent, broken, or not networks: a tensor is missing, has another shape than its neighbours ask for, or is not finite; the message names it.
    /// </exception>
    public static NetworkPopulation Load(string path, Device? device = null)
    {
        using var file = SafeTensorsFile.Open(path);
        var layers = 0;
        while (file.Arrays.ContainsKey($"W{layers}")) layers++;
        if (layers == 0) throw new FileFormatException($"{path}: has no tensor 'W0'; it holds no networks but {string.Join(", ", file.Names)}");
        var shapes = Enumerable.Range(0, layers).Select(i => file.Arrays[$"W{i}"].Shape).ToArray();
        for (var i = 0; i < layers; i++)
        {
            if (shapes[i].Rank is not (3 or 5)) throw new FileFormatException($"{path}: 'W{i}' is {shapes[i]}, not [networks, outputs, inputs] or [networks, outputs, inputs, height, width]");
            if (i > 0 && shapes[i][2] != shapes[i - 1][1]) throw new FileFormatException($"{path}: 'W{i}' {shapes[i]} takes {shapes[i][2]} inputs, but 'W{i - 1}' {shapes[i - 1]} has {shapes[i - 1][1]} outputs");
            Expect($"W{i}", shapes[i].With(0, shapes[0][0]));
            Expect($"b{i}", [shapes[0][0], shapes[i][1]]);
        }

        var spec = new WeightSpec([shapes[0][2], .. shapes.Select(static s => s[1])], [.. shapes.Select(static s => s.Rank == 5 ? (s[3], s[4]) : (1, 1))]);
        Tensor[] weights = [.. Enumerable.Range(0, layers).Select(i => Finite($"W{i}"))], biases = [.. Enumerable.Range(0, layers).Select(i => Finite($"b{i}"))];
        var columns = file.Names.Where(name => !(name[0] is 'W' or 'b' && int.TryParse(name[1..], out _))).Select(name =>
        {
            var shape = file.Arrays[name].Shape;
            return shape.Rank > 0 && shape[0] == shapes[0][0]
                ? KeyValuePair.Create(name, file.Arrays[name].ToTensor(device))
                : throw new FileFormatException($"{path}: '{name}' is {shape}, expected [{shapes[0][0]}, …]: one entry a network");
        });
        return new(WeightFeatures.Fold(spec, weights, biases), new(columns), file.Metadata);

        void Expect(string name, Shape shape)
        {
            if (!file.Arrays.TryGetValue(name, out var array)) throw new FileFormatException($"{path}: '{name}' {shape} is missing");
            if (!array.Shape.Equals(shape)) throw new FileFormatException($"{path}: '{name}' is {array.Shape}, expected {shape}");
            if (!array.DType.IsFloating()) throw new FileFormatException($"{path}: '{name}' holds {array.DType.Name()}, not weights");
        }

        Tensor Finite(string name)
        {
            var tensor = file.Arrays[name].ToTensor(device);
            return tensor.IsFinite().All().Item<bool>() ? tensor.Unsqueeze(1) : throw new FileFormatException($"{path}: '{name}' {tensor.Shape} holds values that are not finite");
        }
    }
}
