using Noether.Nn;

namespace Noether.Models.Tests.Fixtures.Curvature;

/// <summary>A file of curvature numbers on a device. A float32 file that lacks an input has that of its float64 sibling, rounded.</summary>
internal sealed class CurvatureFixture
{
    private const string Single = "_f32";
    private readonly FixtureFile file;
    private readonly FixtureFile? sibling;
    private readonly string folder;

    public CurvatureFixture(string path, Device device)
    {
        file = new(path, device);
        folder = Path.GetDirectoryName(path)!;
        var other = path.Replace($"{Single}.npz", ".npz", StringComparison.Ordinal);
        if (other != path && File.Exists(other)) sibling = new(other, device);
    }

    /// <summary>The subject and variant, without the precision.</summary>
    public string Name => file.Name.Replace(Single, "", StringComparison.Ordinal);

    public Device Device => file.Device;

    public DType Type => file.Type;

    public IEnumerable<string> Names => file.Names;

    public Tensor this[string name] => Rounded(file.Has(name) ? file[name] : (sibling ?? file)[name]);

    public bool Has(string name) => file.Has(name);

    public IReadOnlyList<string> Texts(string name) => file.Texts(name);

    public double[] Numbers(string name) => this[name].ToArray<double>();

    public double Number(string name) => Numbers(name)[0];

    public int Integer(string name) => checked((int)Number(name));

    /// <summary>The arrays whose names begin so, named without it.</summary>
    public Parameters After(string prefix) => (file.After(prefix) is { Count: > 0 } own ? own : (sibling ?? file).After(prefix)).Map(Rounded);

    /// <summary>Another subject's file of the same folder and precision; null if there is none.</summary>
    public CurvatureFixture? Beside(string subject)
    {
        var path = Path.Combine(folder, subject + (Type == DType.Float32 ? Single : "") + ".npz");
        return File.Exists(path) ? new(path, Device) : null;
    }

    /// <summary>The trainable part of <see cref="After"/>.</summary>
    public Parameters Weights(string prefix) => After(prefix).Where(static name => !IsState(name));

    /// <summary>Running statistics and counters of <see cref="After"/>.</summary>
    public Parameters State(string prefix) => After(prefix).Where(IsState);

    /// <summary>Compares with an array: the error over its largest magnitude.</summary>
    /// <param name="actual">Ours.</param>
    /// <param name="name">Of the array.</param>
    /// <param name="tolerance">For float64.</param>
    /// <param name="single">For float32.</param>
    public void Check(Tensor actual, string name, double tolerance, double single = 2e-5) => Check(actual.ToArray<double>(), name, tolerance, single, actual.Shape);

    /// <inheritdoc cref="Check(Tensor, string, double, double)"/>
    public void Check(double actual, string name, double tolerance, double single = 2e-5) => Check([actual], name, tolerance, single);

    /// <inheritdoc cref="Check(Tensor, string, double, double)"/>
    public void Check(IReadOnlyList<double> actual, string name, double tolerance, double single = 2e-5, Shape? shape = null, double least = 0)
    {
        var expected = this[name];
        if (shape is { } given) Assert.That(given, Is.EqualTo(expected.Shape), name);
        Compare(actual, expected.ToArray<double>(), name, tolerance, single, least);
    }

    /// <summary>Compares every tensor of a tree with the arrays <c>prefix + name</c>.</summary>
    /// <param name="actual">Ours.</param>
    /// <param name="prefix">Of the arrays.</param>
    /// <param name="tolerance">For float64.</param>
    /// <param name="single">For float32.</param>
    /// <param name="least">The least magnitude that errors are compared with: for arrays that are zero but for rounding.</param>
    public void Check(Parameters actual, string prefix, double tolerance, double single = 2e-5, double least = 0)
    {
        foreach (var (name, tensor) in actual) Check(tensor.ToArray<double>(), prefix + name, tolerance, single, tensor.Shape, least);
    }

    /// <summary>Compares directions, which are known up to sign.</summary>
    public void CheckUpToSign(Tensor actual, string name, double tolerance)
    {
        var expected = this[name];
        var sign = Math.Sign((actual * expected).Sum().Item());
        Check(actual * sign, name, tolerance);
    }

    /// <summary>Compares numbers: the error over their largest magnitude.</summary>
    public void Compare(IReadOnlyList<double> actual, double[] expected, string name, double tolerance, double single = 2e-5, double least = 0)
    {
        Assert.That(actual.Count, Is.EqualTo(expected.Length), name);
        var scale = expected.Where(double.IsFinite).Select(Math.Abs).Append(least).Max();
        var worst = actual.Zip(expected, static (a, b) => a.Equals(b) ? 0 : Math.Abs(a - b)).DefaultIfEmpty(0).Max();
        var allowed = Type == DType.Float64 ? tolerance : single;
        Assert.That(worst, Is.LessThanOrEqualTo(allowed * scale), $"{name}: the largest difference, where the largest magnitude is {scale:g3}");
    }

    private static bool IsState(string name) => name.Contains("running_", StringComparison.Ordinal) || name.EndsWith("num_batches_tracked", StringComparison.Ordinal);

    private Tensor Rounded(Tensor x) => x.DType.IsFloating() ? x.To(Type) : x;
}
