using System.Text.Json;

using Noether.Examples.SharpnessAware;

namespace Noether.Examples.Tests.SharpnessAware;

/// <summary>The example of sharpness-aware minimisation, in small.</summary>
[TestFixture]
public sealed class SharpnessAwareTests
{
    private static readonly string[] Small = ["--epochs", "2", "--images", "64", "--batch", "32", "--measured", "24", "--radii", "0,0.2", "--quick", "--json", "--device", "host"];

    private static IEnumerable<TestCaseData> Studies =>
    [
        new TestCaseData("ranks", "stage_3", (string[])[]).SetName("Convolutional networks are trained, measured and gone on with"),
        new TestCaseData("vit", "features", (string[])["--features", "8", "--depth", "1"]).SetName("Transformers are trained, measured and gone on with"),
        new TestCaseData("contrastive", "lower_end", (string[])["--features", "8", "--depth", "1"]).SetName("Two encoders are trained, measured and gone on with"),
    ];

    [TestCaseSource(nameof(Studies))]
    public async Task A_study_is_trained_measured_and_gone_on_with(string verb, string layer, string[] options)
    {
        using var folder = new TemporaryFolder();
        string[] line = [verb, .. Small, .. options, "--out", folder.FullName];
        var ended = await Run(line);
        Assert.That(ended.Code, Is.Zero, ended.Error);
        Assert.That(folder.Names, Is.EqualTo([$"{verb}-course.json", $"{verb}-course.png", $"{verb}-radius.png", $"{verb}.json", $"{verb}.safetensors"]));
        var final = ended.Json.GetProperty("final").EnumerateArray().ToArray();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(final.Select(static each => each.GetProperty("radius").GetDouble()), Is.EqualTo([0, 0.2]));
            Assert.That(final.Select(static each => each.GetProperty("step").GetInt64()), Has.All.EqualTo(4));
            Assert.That(final.Select(each => each.GetProperty("layers").GetProperty(layer).GetProperty("rank").GetDouble()), Has.All.InRange(1, 24));
            Assert.That(final.Select(static each => each.GetProperty("test_error").GetDouble()), Has.All.InRange(0, 1));
            Assert.That(JsonDocument.Parse(File.ReadAllText(folder[$"{verb}-course.json"])).RootElement.GetArrayLength(), Is.EqualTo(2 * 3), "before the first step and after each of two passes");
        }

        // Trained already: nothing is left to do, and the same comes out.
        var again = await Run([.. line, "--resume"]);
        Assert.That(again.Code, Is.Zero, again.Error);
        Assert.That(again.Json.GetProperty("final").ToString(), Is.EqualTo(ended.Json.GetProperty("final").ToString()));

        // Other radii are another run.
        var other = await Run([.. line.Select(static word => word == "0,0.2" ? "0,0.3" : word), "--resume"]);
        Assert.That(other.Code, Is.EqualTo(1));
        Assert.That(other.Error, Does.Contain("is of other settings (rho = 0 0.2, not 0 0.3)"));
    }

    [Test]
    public async Task Students_are_trained_and_their_ranks_fall([Values("relu", "abs", "tanh")] string activation)
    {
        using var folder = new TemporaryFolder();
        var ended = await Run("mechanism", "--activation", activation, "--seeds", "2", "--steps", "1500", "--json", "--device", "host", "--out", folder.FullName);
        Assert.That(ended.Code, Is.Zero, ended.Error);
        var name = activation == "relu" ? "mechanism" : $"mechanism-{activation}";
        Assert.That(folder.Names, Is.EqualTo([$"{name}.json", $"{name}.png"]));
        var students = ended.Json.GetProperty("mechanism").EnumerateArray().ToArray();
        double Rank(double radius) => students.Where(each => each.GetProperty("radius").GetDouble() == radius).Average(static each => each.GetProperty("rank").GetDouble());
        Assert.That(students, Has.Length.EqualTo(10));
        Assert.That(students.Select(static each => each.GetProperty("rank").GetDouble()), Has.All.InRange(1, 20));
        if (activation == "relu") Assert.That(Rank(0.4), Is.LessThan(Rank(0) - 2), "the others take more steps");
    }

    [TestCase("ranks --radii 0,-1", "--radii takes numbers of at least 0 separated by commas, not '-1'")]
    [TestCase("ranks --radii 0,0.1,0", "names a radius twice")]
    [TestCase("ranks --network resnet9", "did you mean resnet8?")]
    [TestCase("ranks --quick --images 64", "--batch 128 is more than the 64 training images")]
    [TestCase("mechanisms", "did you mean mechanism?")]
    public async Task Wrong_usage_gives_2(string line, string expected)
    {
        using var folder = new TemporaryFolder();
        var ended = await Run([.. line.Split(' '), "--out", folder.FullName]);
        Assert.That(ended.Code, Is.EqualTo(2));
        Assert.That(ended.Error, Does.Contain(expected));
    }

    private static Task<Ended> Run(params string[] args) => Ended.Run("sharpness-aware", SharpnessAwareApp.Configure, args);
}
