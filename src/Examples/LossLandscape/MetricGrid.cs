using System.Text;

namespace Noether.Examples.LossLandscape;

/// <summary>Losses, accuracies or eigenvalues on a grid of steps along two directions, [ys, xs]; NaN where nothing was computed.</summary>
internal sealed class MetricGrid
{
    private const string HeaderName = "header";

    private readonly Dictionary<string, double[,]> metrics;

    /// <summary>A grid without results.</summary>
    /// <param name="xs">Steps along the first direction.</param>
    /// <param name="ys">Steps along the second; 0 alone for a line.</param>
    /// <param name="names">Of the metrics.</param>
    public MetricGrid(double[] xs, double[] ys, IEnumerable<string> names)
    {
        (Xs, Ys) = (xs, ys);
        metrics = names.ToDictionary(static name => name, _ => Missing());
    }

    /// <summary>Steps along the first direction.</summary>
    public double[] Xs { get; }

    /// <summary>Steps along the second direction.</summary>
    public double[] Ys { get; }

    /// <summary>The names of the metrics.</summary>
    public IEnumerable<string> Names => metrics.Keys;

    /// <summary>One of them.</summary>
    public double[,] this[string name] => metrics[name];

    /// <summary>The loss of the first set, row by row.</summary>
    public double[] Losses => Flat("loss");

    /// <summary>A metric row by row.</summary>
    public double[] Flat(string name) => [.. metrics[name].Cast<double>()];

    /// <summary>Writes the arrays and what they depend on, as the codes of a text.</summary>
    public void Save(string path, string header) => TensorFiles.SaveNpz(path,
    [
        new("xs", Tensor.From(Xs, device: Device.Host)), new("ys", Tensor.From(Ys, device: Device.Host)),
        .. metrics.Select(static each => KeyValuePair.Create(each.Key, Tensor.From(each.Value, device: Device.Host))),
        new(HeaderName, Tensor.From(Array.ConvertAll(Encoding.UTF8.GetBytes(header), static b => (int)b), device: Device.Host)),
    ]);

    /// <summary>Fills the grid with what a file holds.</summary>
    /// <exception cref="FileFormatException">The file is broken, or of other points, data, weights or settings.</exception>
    public void Load(string path, string header)
    {
        var file = NpzFile.Read(path);
        var found = Encoding.UTF8.GetString([.. Doubles(HeaderName).Select(static code => (byte)code)]);
        if (found != header) throw new FileFormatException($"{path}: is of another network, other data or other settings; choose another --out, or leave out --resume");
        if (!Doubles("xs").AsSpan().SequenceEqual(Xs) || !Doubles("ys").AsSpan().SequenceEqual(Ys))
            throw new FileFormatException($"{path}: has other points; choose another --out, or leave out --resume");
        foreach (var (name, values) in metrics)
        {
            var read = Doubles(name);
            if (read.Length != values.Length) throw new FileFormatException($"{path}: '{name}' has {read.Length} values for {Ys.Length} x {Xs.Length} points");
            Buffer.BlockCopy(read, 0, values, 0, values.Length * sizeof(double));
        }

        double[] Doubles(string name) => file.Arrays.TryGetValue(name, out var array)
            ? array.ToTensor(Device.Host).To(DType.Float64).ToArray<double>()
            : throw new FileFormatException($"{path}: has no '{name}'");
    }

    private double[,] Missing()
    {
        var values = new double[Ys.Length, Xs.Length];
        for (var i = 0; i < values.Length; i++) values[i / Xs.Length, i % Xs.Length] = double.NaN;
        return values;
    }
}
