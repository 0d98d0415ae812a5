using Noether.Models.WeightSpaces;
using Noether.Nn;

namespace Noether.Models.Tests.WeightSpaces;

/// <summary>Populations of networks as files.</summary>
[TestFixture]
public sealed class PopulationFolderTests
{
    private string folder = null!;

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("noether-population-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    private static readonly WeightSpec Spec = new([1, 3, 2], [(3, 2), (1, 1)]);

    private static NetworkPopulation Population(int count, int seed) => new(
        WeightFeatures.FromVectors(Spec, RandomKey.From(seed, Device.Host).Normal([count, Spec.Parameters])),
        Parameters.Of(("label", RandomKey.From(seed, Device.Host).Integers([count], 0, 10))),
        new Dictionary<string, string> { ["seed"] = $"{seed}" });

    private string With(int chunk, Action<Dictionary<string, Tensor>> change)
    {
        var path = new PopulationFolder(folder, "zoo").PathOf(chunk);
        Population(4, chunk).Save(path);
        var tensors = TensorFiles.LoadSafeTensors(path, Device.Host).ToDictionary();
        change(tensors);
        TensorFiles.SaveSafeTensors(path, tensors);
        return path;
    }

    [Test]
    public void Chunks_come_back_as_one_population()
    {
        var place = new PopulationFolder(folder, "zoo");
        place.Write(2, Population(3, 2));
        place.Write(0, Population(4, 0));
        Assert.That(place.Chunks, Is.EqualTo([0, 2]));
        Assert.That(place.Has(1), Is.False);
        var (all, broken) = place.ReadAll(device: Device.Host);
        Assert.That(broken, Is.Empty);
        Assert.That(all.Spec, Is.EqualTo(Spec));
        Assert.That(all.Notes["seed"], Is.EqualTo("0"));
        Assert.That(all.Networks.ToVectors().ToArray<float>(), Is.EqualTo(
            Population(4, 0).Networks.ToVectors().ToArray<float>().Concat(Population(3, 2).Networks.ToVectors().ToArray<float>())));
        Assert.That(all.Take([6, 1]).Columns["label"].ToArray<int>(), Is.EqualTo([Population(3, 2).Columns["label"].ToArray<int>()[2], Population(4, 0).Columns["label"].ToArray<int>()[1]]));
    }

    [Test]
    public void A_chunk_that_was_made_otherwise_is_not_gone_on_with()
    {
        var place = new PopulationFolder(folder, "zoo");
        place.Write(0, Population(4, 5));
        Assert.That(place.Has(0, new Dictionary<string, string> { ["seed"] = "5" }), Is.True);
        Assert.That(place.Has(1, new Dictionary<string, string> { ["seed"] = "5" }), Is.False);
        Assert.That(() => place.Has(0, new Dictionary<string, string> { ["seed"] = "6" }), Throws.TypeOf<FileFormatException>().With.Message.Contains("seed = 5, not 6"));
        Assert.That(() => place.Has(0, new Dictionary<string, string> { ["steps"] = "1" }), Throws.TypeOf<FileFormatException>().With.Message.Contains("steps = nothing"));
    }

    [Test]
    public void Broken_files_are_errors_that_name_the_tensor()
    {
        void Says(string path, params string[] words) =>
            Assert.That(() => NetworkPopulation.Load(path, Device.Host), words.Aggregate(
                (NUnit.Framework.Constraints.IResolveConstraint)Throws.TypeOf<FileFormatException>(), static (c, word) => ((NUnit.Framework.Constraints.Constraint)c).With.Message.Contains(word)));

        using (Assert.EnterMultipleScope())
        {
            Says(With(0, static t => t.Remove("b1")), "'b1'", "[4, 2]", "missing");
            Says(With(1, static t => t["W1"] = Tensor.Zeros([4, 2, 5], device: Device.Host)), "'W1'", "[4, 2, 5]", "[4, 3, 1, 3, 2]");
            Says(With(2, static t => t["b0"] = Tensor.Full([4, 3], double.NaN, device: Device.Host)), "'b0'", "not finite");
            Says(With(3, static t => t["label"] = Tensor.Zeros([5], device: Device.Host)), "'label'", "[5]");
            Says(With(4, static t => t.Remove("W0")), "W0");
        }
    }

    [Test]
    public void Broken_files_are_skipped_only_when_asked()
    {
        var place = new PopulationFolder(folder, "zoo");
        place.Write(0, Population(4, 0));
        File.WriteAllBytes(place.PathOf(1), [1, 2, 3]);
        Assert.That(() => place.ReadAll(device: Device.Host), Throws.TypeOf<FileFormatException>());
        var (all, broken) = place.ReadAll(skipBroken: true, Device.Host);
        Assert.That(all.Count, Is.EqualTo(4));
        Assert.That(broken, Has.Count.EqualTo(1));
        Assert.That(broken[0], Does.Contain(place.PathOf(1)));
    }

    [Test]
    public void Options_of_sinusoidal_networks_are_compared_with_the_file()
    {
        var options = new SirenOptions();
        Assert.That(() => options.CheckNotes("a file", options.ToNotes()), Throws.Nothing);
        Assert.That(() => options.CheckNotes("a file", (options with { Omega = 1 }).ToNotes()), Throws.TypeOf<FileFormatException>().With.Message.Contains("omega = 1, expected 30"));
        Assert.That(() => options.CheckNotes("a file", new Dictionary<string, string>()), Throws.TypeOf<FileFormatException>());
    }
}
