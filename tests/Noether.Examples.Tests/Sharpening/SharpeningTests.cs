using System.Text.Json;

using Noether.Examples.Sharpening;

namespace Noether.Examples.Tests.Sharpening;

/// <summary>The example of progressive sharpening, in small.</summary>
[TestFixture]
public sealed class SharpeningTests
{
    private static readonly string[] Tiny = ["--images", "20", "--test-images", "10", "--every", "2", "--device", "host", "--json"];

    [Test]
    public async Task An_edge_is_followed_drawn_and_gone_on_with()
    {
        using var folder = new TemporaryFolder();
        string[] line = ["edge", .. Tiny, "--rates", "0.05,0.1", "--seeds", "2", "--flow", "0.1", "--factors", "10", "--out", folder.FullName];
        var first = await Run([.. line, "--steps", "2"]);
        Assert.That(first.Code, Is.Zero, first.Error);
        var resumed = await Run([.. line, "--steps", "4", "--resume"]);
        Assert.That(resumed.Code, Is.Zero, resumed.Error);
        const string stem = "edge-tanh-half-squared";
        Assert.That(folder.Names, Is.EqualTo([$"{stem}-factors.png", $"{stem}-flow.png", $"{stem}-jacobian.png", $"{stem}-sharpness.png", $"{stem}.json", $"{stem}.safetensors"]));
        var courses = Courses(folder[$"{stem}.json"]);
        using var other = new TemporaryFolder();
        var whole = await Run(["edge", .. Tiny, "--rates", "0.05,0.1", "--seeds", "2", "--flow", "0", "--factors", "10", "--steps", "4", "--out", other.FullName]);
        Assert.That(whole.Code, Is.Zero, whole.Error);
        var expected = Courses(other[$"{stem}.json"]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(courses, Has.Length.EqualTo(4));
            for (var i = 0; i < courses.Length; i++)
            {
                Assert.That(Numbers(courses[i].GetProperty("steps")), Is.EqualTo([0.0, 2, 4]));
                Assert.That(Numbers(courses[i].GetProperty("losses")), Is.EqualTo(Numbers(expected[i].GetProperty("losses"))).And.Length.EqualTo(4), "bit for bit");
                Assert.That(Sharpness(courses[i]), Is.EqualTo(Sharpness(expected[i])).Within(1).Percent.And.All.Positive);
                Assert.That(courses[i].GetProperty("factors").GetArrayLength(), Is.EqualTo(courses[i].GetProperty("seed").GetInt32() == 0 ? 3 : 0), "of the first seed");
                Assert.That(courses[i].GetProperty("threshold").GetDouble(), Is.EqualTo(i < 2 ? 40 : 20).Within(1e-9));
            }
        }

        // Other rates are no continuation.
        var foreign = await Run(["edge", .. Tiny, "--rates", "0.2", "--steps", "4", "--out", folder.FullName, "--resume"]);
        Assert.That(foreign.Code, Is.EqualTo(1));
        Assert.That(foreign.Error, Does.Contain("is of other settings").And.Contain("seeds = 2, not 3; variants = η = 0.05, η = 0.1, not η = 0.2"));
    }

    [TestCase("smoothing", "--values", "0,0.5")]
    [TestCase("decay", "--values", "0,0.1")]
    public async Task A_number_of_training_is_compared_and_reported(string verb, string option, string values)
    {
        using var folder = new TemporaryFolder();
        var ended = await Run(verb, option, values, "--seeds", "1", "--steps", "2", "--network", "relu", "--out", folder.FullName);
        Assert.That(ended.Code, Is.Zero, ended.Error);
        Assert.That(ended.Json.GetProperty(verb).GetProperty("trends").GetProperty("jacobian").ValueKind, Is.EqualTo(JsonValueKind.Number));
        Assert.That(folder.Names, Is.EqualTo([$"{verb}-relu-cross-entropy.json", $"{verb}-relu-cross-entropy.png", $"{verb}-relu-cross-entropy.safetensors"]));
        var page = await Run("report", "--out", folder.FullName);
        Assert.That(page.Code, Is.Zero, page.Error);
        Assert.That(File.ReadAllText(folder["report.html"]), Does.Contain("<table>").And.Contain("data:image/png;base64,").And.Not.Contain("http"));
    }

    [Test]
    public async Task A_sweep_keeps_the_groups_that_are_done()
    {
        using var folder = new TemporaryFolder();
        string[] line = ["sweep", "--quick", "--images", "16", "--test-images", "10", "--epochs", "1", "--batch", "8", "--device", "host", "--json", "--out", folder.FullName];
        var ended = await Run(line);
        Assert.That(ended.Code, Is.Zero, ended.Error);
        Assert.That(ended.Json.GetProperty("sweep").GetProperty("networks").GetInt32(), Is.EqualTo(13), "none and two strengths of six");
        Assert.That(folder.Names, Is.EqualTo(["sweep-gap.png", "sweep-regularisers.png", "sweep.json"]));

        // One group is missing, another number was changed by hand: the first is made again, the other stays.
        var results = Figures.Read<SweepResults>(folder["sweep.json"]);
        var made = results.Rows.FindIndex(static row => row.Regulariser == "SAM");
        results.Rows[0] = results.Rows[0] with { Reading = results.Rows[0].Reading with { TestLoss = 77 } };
        var sam = results.Rows.Where(static row => row.Regulariser == "SAM").ToArray();
        results.Rows.RemoveAll(static row => row.Regulariser == "SAM");
        Figures.Write(folder["sweep.json"], results);
        var resumed = await Run([.. line, "--resume"]);
        Assert.That(resumed.Code, Is.Zero, resumed.Error);
        var again = Figures.Read<SweepResults>(folder["sweep.json"]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(made, Is.Positive);
            Assert.That(again.Rows[0].Reading.TestLoss, Is.EqualTo(77));
            Assert.That(again.Rows.Where(static row => row.Regulariser == "SAM").Select(static row => row.Reading.TestLoss), Is.EqualTo(sam.Select(static row => row.Reading.TestLoss)).Within(1e-6));
        }

        var foreign = await Run([.. line, "--rate", "0.01", "--resume"]);
        Assert.That(foreign.Code, Is.EqualTo(1));
        Assert.That(foreign.Error, Does.Contain("other settings (rate = 0.02, not 0.01)"));
    }

    [Test]
    public async Task A_run_that_diverges_leaves_the_others_alone()
    {
        using var folder = new TemporaryFolder();
        var ended = await Run(["edge", .. Tiny, "--rates", "0.05,1000000", "--seeds", "1", "--flow", "0", "--factors", "5", "--steps", "12", "--out", folder.FullName]);
        Assert.That(ended.Code, Is.Zero, ended.Error);
        var readings = Courses(folder["edge-tanh-half-squared.json"]).Select(static course => course.GetProperty("readings").EnumerateArray().Last()).ToArray();
        Assert.That(readings[0].GetProperty("sharpness").GetDouble(), Is.Positive);
        Assert.That(readings[1].GetProperty("sharpness").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public async Task An_interrupted_run_says_so()
    {
        using var folder = new TemporaryFolder();
        var ended = await Ended.Run("sharpening", SharpeningApp.Configure, ["edge", .. Tiny, "--out", folder.FullName], new CancellationToken(canceled: true));
        Assert.That(ended.Code, Is.EqualTo(130));
        Assert.That(folder.Names, Is.Empty);
    }

    [TestCase("edge --rates 0.1,x", "--rates takes numbers above 0, joined by commas, not 'x'")]
    [TestCase("edge --rates 0.1,0.1", "--rates names a number twice")]
    [TestCase("edge --rule nestrov", "did you mean nesterov?")]
    [TestCase("smothing", "did you mean smoothing?")]
    [TestCase("smoothing --values 2", "numbers from 0 to 1")]
    [TestCase("edge --images 100000", "more than there are")]
    public async Task Wrong_usage_gives_2(string line, string expected)
    {
        var ended = await Ended.Run("sharpening", SharpeningApp.Configure, line.Split(' '));
        Assert.That(ended.Code, Is.EqualTo(2));
        Assert.That(ended.Error, Does.Contain(expected));
    }

    [Test]
    public async Task A_report_of_nothing_names_the_verbs()
    {
        using var folder = new TemporaryFolder();
        var ended = await Run("report", "--out", folder.FullName);
        Assert.That(ended.Code, Is.EqualTo(1));
        Assert.That(ended.Error, Does.Contain("run edge, smoothing, decay or sweep first"));
        File.WriteAllText(folder["edge-tanh-half-squared.json"], "{");
        Assert.That((await Run("report", "--out", folder.FullName)).Error, Does.Contain("edge-tanh-half-squared.json"));
    }

    private static JsonElement[] Courses(string path) => [.. JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("courses").EnumerateArray()];

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(static each => each.GetDouble())];

    private static double[] Sharpness(JsonElement course) => [.. course.GetProperty("readings").EnumerateArray().Select(static each => each.GetProperty("sharpness").GetDouble())];

    private static Task<Ended> Run(params string[] args) =>
        Ended.Run("sharpening", SharpeningApp.Configure, args[0] is "edge" or "sweep" ? args : args[0] == "report" ? [.. args, "--json"] : [.. args, .. Tiny]);
}
