namespace Noether.Tests.IO;

/// <summary>Files that NumPy 1.24 wrote: <c>Fixtures/make_numpy.py</c> makes them.</summary>
public sealed class NumpyFixtureTests
{
    private static string Folder => Path.Combine(TestContext.CurrentContext.TestDirectory, "IO", "Fixtures");

    // x = arange(24).reshape(2, 3, 4) in every type and order.
    [Test]
    public void Every_type_and_order_of_numpy_is_read()
    {
        var file = NpzFile.Read(Path.Combine(Folder, "numpy_types.npz"));
        var seen = 0;
        foreach (var (name, array) in file.Arrays)
        {
            if (name is "scalar" or "empty" or "hollow") continue;
            seen++;
            Assert.That(array.Shape, Is.EqualTo(Shape.Create([2, 3, 4])), name);
            for (var i = 0; i < 24; i++)
            {
                var value = array.DType switch
                {
                    DType.Bool => array.As<bool>()[i] ? 1 : 0,
                    DType.Int32 => array.As<int>()[i],
                    DType.Int64 => array.As<long>()[i],
                    DType.Float32 => array.As<float>()[i],
                    _ => array.As<double>()[i],
                };
                Assert.That(value, Is.EqualTo(array.DType == DType.Bool ? (i % 3 == 0 ? 1 : 0) : i), $"{name}[{i}]");
            }
        }

        Assert.That(seen, Is.EqualTo(24));
    }

    [Test]
    public void Scalars_empty_shapes_and_text_of_numpy_are_read()
    {
        var file = NpzFile.Read(Path.Combine(Folder, "numpy_types.npz"));
        Assert.That(file.Arrays["scalar"].Shape, Is.EqualTo(Shape.Scalar));
        Assert.That(file.Arrays["scalar"].As<double>()[0], Is.EqualTo(2.5));
        Assert.That(file.Arrays["empty"].Shape, Is.EqualTo(Shape.Create([0])));
        Assert.That(file.Arrays["hollow"].Shape, Is.EqualTo(Shape.Create([3, 0, 2])));
        Assert.That(file.Texts["text"].Shape, Is.EqualTo(Shape.Create([2, 2])));
        Assert.That(file.Texts["text"].Values, Is.EqualTo(new[] { "tanh", "γ", "", " 😀" }));
    }

    [Test]
    public void Compressed_archives_of_numpy_are_read()
    {
        var file = NpzFile.Read(Path.Combine(Folder, "numpy_compressed.npz"));
        Assert.That(file.Arrays["ramp"].Shape, Is.EqualTo(Shape.Create([10, 100])));
        Assert.That(file.Arrays["ramp"].As<int>().ToArray(), Is.EqualTo(Enumerable.Range(0, 1000)));
        Assert.That(file.Arrays["zeros"].As<double>().ToArray(), Is.All.EqualTo(0.0));
    }

    [Test]
    public void Every_version_of_the_format_is_read([Values(1, 2, 3)] int version) =>
        Assert.That(NpyFile.Read(Path.Combine(Folder, $"numpy_version{version}.npy")).As<float>().ToArray(), Is.EqualTo(new float[] { 0, 1, 2, 3, 4, 5 }));
}
