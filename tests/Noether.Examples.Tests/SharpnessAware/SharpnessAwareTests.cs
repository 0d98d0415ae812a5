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
        Assert.That(folder.Names, Is.EqualTo([$"{verb}-0.safetensors", $"{verb}-course.json", $"{verb}-course.png", $"{verb}-radius.png", $"{verb}.json"]));
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
    public async Task Seeds_are_gone_on_with_summed_up_and_reported()
    {
        using var folder = new TemporaryFolder();
        string[] line = ["ranks", "--epochs", "1", "--images", "32", "--batch", "32", "--measured", "16", "--radii", "0,0.2", "--quick", "--json", "--device", "host", "--out", folder.FullName];
        var one = await Run(line);
        Assert.That(one.Code, Is.Zero, one.Error);
        var both = await Run([.. line, "--seeds", "2", "--resume"]);
        Assert.That(both.Code, Is.Zero, both.Error);
        Assert.That(folder.Names, Does.Contain("ranks-0.safetensors").And.Contain("ranks-1.safetensors"));
        var final = both.Json.GetProperty("final").EnumerateArray().ToArray();
        Assert.That(final.Select(static each => (each.GetProperty("seed").GetInt64(), each.GetProperty("radius").GetDouble())), Is.EqualTo([(0L, 0), (0L, 0.2), (1L, 0), (1L, 0.2)]));
        Assert.That(final[0].ToString(), Is.EqualTo(one.Json.GetProperty("final")[0].ToString()), "of a seed that was there");
        static double Rank(JsonElement each) => each.GetProperty("layers").GetProperty("stage_3").GetProperty("rank").GetDouble();
        var rank = both.Json.GetProperty("summary")[1].GetProperty("layers").GetProperty("stage_3").GetProperty("rank");
        var (a, b) = (Rank(final[1]), Rank(final[3]));
        var trend = both.Json.GetProperty("trends").EnumerateArray().Single(static each => each.GetProperty("layer").GetString() == "stage 3" && each.GetProperty("seed").GetInt64() == 1);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(rank.GetProperty("mean").GetDouble(), Is.EqualTo((a + b) / 2).Within(1e-12));
            Assert.That(rank.GetProperty("deviation").GetDouble(), Is.EqualTo(Math.Abs(a - b) / Math.Sqrt(2)).Within(1e-12));
            Assert.That(trend.GetProperty("reductions")[1].GetDouble(), Is.EqualTo(1 - Rank(final[3]) / Rank(final[2])).Within(1e-12));
            Assert.That(trend.GetProperty("falls_monotonically").GetBoolean(), Is.EqualTo(Rank(final[3]) < Rank(final[2])));
        }

        var mechanism = await Run("mechanism", "--seeds", "2", "--steps", "40", "--device", "host", "--out", folder.FullName);
        Assert.That(mechanism.Code, Is.Zero, mechanism.Error);
        var page = await Run("report", "--json", "--out", folder.FullName);
        Assert.That(page.Code, Is.Zero, page.Error);
        Assert.That(page.Json.GetProperty("sections").GetInt32(), Is.EqualTo(2));
        Assert.That(File.ReadAllText(folder["report.html"]), Does.Contain("Why ranks fall: relu").And.Contain("of 2 seeds").And.Contain("data:image/png;base64,").And.Not.Contain("http"));
    }

    [Test]
    public async Task A_report_of_nothing_names_the_verbs()
    {
        using var folder = new TemporaryFolder();
        var ended = await Run("report", "--out", folder.FullName);
        Assert.That(ended.Code, Is.EqualTo(1));
        Assert.That(ended.Error, Does.Contain("run mechanism, ranks, vit or contrastive first"));
        foreach (var text in (string[])["{", "{}"])
        {
            File.WriteAllText(folder["ranks.json"], text);
            Assert.That((await Run("report", "--out", folder.FullName)).Error, Does.Contain("ranks.json"));
        }
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
