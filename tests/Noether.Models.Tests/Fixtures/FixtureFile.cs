using Noether.Models.WeightSpaces;
using Noether.Nn;

namespace Noether.Models.Tests.Fixtures;

/// <summary>A file of numbers from an independent implementation, on a device.</summary>
public sealed class FixtureFile
{
    private readonly NpzFile file;

    public FixtureFile(string path, Device device)
    {
        (file, Device) = (NpzFile.Read(path), device);
        Name = Path.GetFileNameWithoutExtension(path);
    }

    /// <summary>The file's name without its ending, which says module and variant.</summary>
    public string Name { get; }

    public Device Device { get; }

    /// <summary>The precision of everything in the file.</summary>
    public DType Type => Name.EndsWith("_f32", StringComparison.Ordinal) ? DType.Float32 : DType.Float64;

    /// <summary>The sizes of the networks that go in.</summary>
    public WeightSpec Spec => new([.. Numbers("widths").Select(static n => (int)n)], Has("meta.filters") ? [.. Numbers("filters").Chunk(2).Select(static f => ((int)f[0], (int)f[1]))] : null);

    public IEnumerable<string> Names => file.Arrays.Keys;

    public bool Has(string name) => file.Arrays.ContainsKey(name);

    /// <summary>An array as it is.</summary>
    public Tensor this[string name] => file.Arrays[name].ToTensor(Device);

    /// <summary>The arrays whose names begin with <c>prefix.</c>, named without it.</summary>
    public Parameters Under(string prefix) => After(prefix + ".");

    /// <summary>The arrays whose names begin so, named without it.</summary>
    public Parameters After(string prefix) => new(Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
        .Select(name => KeyValuePair.Create(name[prefix.Length..], this[name])));

    /// <summary>An array of strings.</summary>
    public IReadOnlyList<string> Texts(string name) => file.Texts[name].Values;

    /// <summary>A size or hyper-parameter.</summary>
    public double Number(string name) => Numbers(name)[0];

    public int Integer(string name) => checked((int)Number(name));

    public int Integer(string name, int otherwise) => Has($"meta.{name}") ? Integer(name) : otherwise;

    public double[] Numbers(string name) => file.Arrays[$"meta.{name}"].ToTensor(Device.Host).ToArray<double>();
}
