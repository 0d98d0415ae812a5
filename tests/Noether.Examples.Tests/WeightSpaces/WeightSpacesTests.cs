using Noether.Examples.WeightSpaces;
using Noether.Models.WeightSpaces;

namespace Noether.Examples.Tests.WeightSpaces;

/// <summary>The example of weight spaces from the first network to the page, in small.</summary>
[TestFixture]
public sealed class WeightSpacesTests
{
    private static TemporaryFolder Made = null!;

    [OneTimeSetUp]
    public static async Task Make()
    {
        Made = new();
        var sirens = await Run("make-sirens", "--images", "48", "--steps", "40", "--learning-rate", "0.01");
        var zoo = await Run("make-zoo", "--networks", "32", "--steps", "20", "--channels", "4", "--batch", "32");
        Assert.That((sirens.Code, zoo.Code), Is.EqualTo((0, 0)), sirens.Error + zoo.Error);
        Assert.That(sirens.Json.GetProperty("networks").GetInt32(), Is.EqualTo(48));
        Assert.That(sirens.Json.GetProperty("psnr_median").GetDouble(), Is.GreaterThan(15));
        Assert.That(zoo.Json.GetProperty("networks").GetInt32() + zoo.Json.GetProperty("diverged").GetInt32(), Is.EqualTo(32));
    }

    [OneTimeTearDown]
    public static void Forget() => Made.Dispose();

    private static IEnumerable<TestCaseData> Tasks =>
    [
        new TestCaseData("predict-generalisation", "predict_generalisation", 5, (string[])["--hidden", "4"]).SetName("Predicting generalisation compares its models"),
        new TestCaseData("classify", "classify", 4, (string[])["--hidden", "8", "--scale-symmetry"]).SetName("Classifying compares its models"),
        new TestCaseData("edit", "edit_erode", 4, (string[])["--hidden", "8", "--change", "erode"]).SetName("Editing compares its models"),
        new TestCaseData("inr2array", "inr2array_classify", 1, (string[])["--hidden", "8", "--classifier-epochs", "1"]).SetName("Arrays are learned and classified"),
    ];

    [TestCaseSource(nameof(Tasks))]
    public async Task A_task_compares_its_models(string verb, string name, int models, string[] options)
    {
        var ended = await Run([verb, "--epochs", "1", "--batch", "8", "--seeds", "1", .. options]);
        Assert.That(ended.Code, Is.Zero, ended.Error);
        var outcomes = ended.Json.GetProperty(name).EnumerateArray().ToArray();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcomes, Has.Length.EqualTo(models));
            foreach (var outcome in outcomes)
                Assert.That(outcome.GetProperty("scores").EnumerateObject().Select(static score => double.IsFinite(score.Value.GetDouble())), Is.Not.Empty.And.All.True);
        }

        // What is finished is not done again.
        var again = await Run([verb, "--epochs", "1", "--batch", "8", "--seeds", "1", "--resume", .. options]);
        Assert.That(again.Json.GetProperty(name).ToString(), Is.EqualTo(ended.Json.GetProperty(name).ToString()));
        var other = await Run([verb, "--epochs", "2", "--batch", "8", "--seeds", "1", "--resume", .. options]);
        Assert.That(other.Code, Is.EqualTo(2));
        Assert.That(other.Error, Does.Contain("is of other settings (epochs = 1, not 2)"));
        var page = await Run("report");
        Assert.That(page.Code, Is.Zero, page.Error);
        Assert.That(File.ReadAllText(Made["report.html"]), Does.Contain("<table>").And.Contain("data:image/png;base64,").And.Not.Contain("http"));
    }

    [Test]
    public async Task Masks_are_drawn_and_compared()
    {
        var ended = await Run("winning-tickets", "--networks", "32", "--steps", "20", "--epochs", "1", "--hidden", "4");
        Assert.That(ended.Code, Is.Zero, ended.Error);
        Assert.That(ended.Json.GetProperty("winning_tickets").EnumerateArray().Select(static each => each.GetProperty("model").GetString()),
            Is.EqualTo(["dense", "magnitude pruning", "random mask", "pointwise", "NFN NP"]));
    }

    [Test]
    public async Task Networks_that_are_there_are_not_made_again()
    {
        var before = File.GetLastWriteTimeUtc(Made["sirens/sirens-00000.safetensors"]);
        var ended = await Run("make-sirens", "--images", "48", "--steps", "40", "--learning-rate", "0.01");
        Assert.That(ended.Code, Is.Zero, ended.Error);
        Assert.That(File.GetLastWriteTimeUtc(Made["sirens/sirens-00000.safetensors"]), Is.EqualTo(before));
        var other = await Run("make-sirens", "--images", "48", "--steps", "41");
        Assert.That(other.Code, Is.EqualTo(1));
        Assert.That(other.Error, Does.Contain("steps = 40, not 41"));
    }

    [Test]
    public async Task An_interrupted_run_keeps_the_finished_chunks()
    {
        using var folder = new TemporaryFolder();
        var ended = await Run(["make-zoo", "--networks", "64", "--steps", "10", "--channels", "2", "--out", folder.FullName], new CancellationToken(canceled: true));
        Assert.That(ended.Code, Is.EqualTo(130));
        Assert.That(new PopulationFolder(folder["zoo"], "zoo").Chunks, Is.Empty);
    }

    [Test]
    public async Task Broken_files_are_skipped_only_when_asked()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["sirens"]);
        foreach (var chunk in (int[])[0, 1]) File.Copy(Made["sirens/sirens-00000.safetensors"], folder[$"sirens/sirens-0000{chunk}.safetensors"]);
        File.WriteAllBytes(folder["sirens/sirens-00001.safetensors"], [1, 2, 3]);
        string[] line = ["classify", "--epochs", "1", "--batch", "8", "--seeds", "1", "--hidden", "4", "--out", folder.FullName];
        var refused = await Run(line);
        Assert.That(refused.Code, Is.EqualTo(1));
        Assert.That(refused.Error, Does.Contain("sirens-00001.safetensors"));
        var skipped = await Run([.. line, "--skip-broken"]);
        Assert.That(skipped.Code, Is.Zero, skipped.Error);
        Assert.That(skipped.Json.GetProperty("broken_files").GetInt32(), Is.EqualTo(1));
    }

    [TestCase("make-zo", "make-zoo")]
    [TestCase("classify --epoch 3", "did you mean --epochs?")]
    [TestCase("edit --change dilat", "did you mean dilate?")]
    [TestCase("predict-generalisation --scale-symmetry", "--activation relu")]
    public async Task Wrong_usage_gives_2(string line, string expected)
    {
        var ended = await Run(line.Split(' '));
        Assert.That(ended.Code, Is.EqualTo(2));
        Assert.That(ended.Error, Does.Contain(expected));
    }

    [Test]
    public async Task Tasks_name_the_verb_that_makes_their_networks()
    {
        using var folder = new TemporaryFolder();
        foreach (var (verb, maker) in ((string, string)[])[("predict-generalisation", "make-zoo"), ("classify", "make-sirens"), ("edit", "make-sirens"), ("inr2array", "make-sirens")])
        {
            var ended = await Run(verb, "--out", folder.FullName);
            Assert.That(ended.Code, Is.EqualTo(1));
            Assert.That(ended.Error, Does.Contain(maker));
        }
    }

    private static Task<Ended> Run(params string[] args) => Run(args, CancellationToken.None);

    // In the folder of all tests, unless the line names another.
    private static Task<Ended> Run(string[] args, CancellationToken cancellation) =>
        Ended.Run("weight-spaces", WeightSpacesApp.Configure, args.Contains("--out") ? [.. args, "--json", "--device", "host"] : [.. args, "--json", "--device", "host", "--out", Made.FullName], cancellation);
}
