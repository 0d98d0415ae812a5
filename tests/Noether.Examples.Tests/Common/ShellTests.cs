using System.Text.Json;

namespace Noether.Examples.Tests.Common;

public sealed class ShellTests
{
    [TestCase("--stepz 5", "fake: unknown option --stepz; did you mean --steps?")]
    [TestCase("--step=5", "fake: unknown option --step; did you mean --steps?")]
    [TestCase("--qiuck", "fake: unknown option --qiuck; did you mean --quick?")]
    [TestCase("--zzzzzzz", "fake: unknown option --zzzzzzz; --help lists those that there are")]
    [TestCase("--steps abc", "fake: --steps takes a whole number of at least 1, not 'abc'")]
    [TestCase("--steps 0", "fake: --steps takes a whole number of at least 1, not '0'")]
    [TestCase("--steps", "fake: --steps needs a value")]
    [TestCase("--steps 2 --steps 3", "fake: --steps is given more than once")]
    [TestCase("--rate nan", "fake: --rate takes a number from 0 to 1, not 'nan'")]
    [TestCase("--rule sdg", "fake: --rule takes sgd, adam, not 'sdg'; did you mean sgd?")]
    [TestCase("--device cuad", "fake: --device takes host, cuda, cuda:1 or opencl, not 'cuad'; did you mean cuda?")]
    [TestCase("--seed -1", "fake: --seed takes a whole number of at least 0, not '-1'")]
    [TestCase("--data --quik", "fake: --data needs a value; unknown option --quik; did you mean --quick?")]
    [TestCase("predct x", "fake: unknown verb 'predct'; did you mean predict?")]
    [TestCase("predict", "fake: predict needs <file>")]
    [TestCase("predict --quik", "fake: unknown option --quik; did you mean --quick?")]
    [TestCase("predict a b", "fake: unexpected 'b'")]
    [TestCase("predict a --steps 3", "fake: unknown option --steps; --help lists those that there are")]
    public async Task A_wrong_command_line_gives_2_and_one_line(string line, string expected)
    {
        var ended = await Run(line, run => run.Say("must not run"));

        Assert.That(ended, Is.EqualTo(new Ended(2, "", expected + Environment.NewLine)));
    }

    [Test]
    public async Task Values_arrive_where_they_were_given()
    {
        Dictionary<string, object?> seen = [];

        var ended = await Run("--steps 7 --rate 0.25 --rule ADAM --flag --seed 12 --data d --out o --quick --resume", (run, settings) =>
        {
            seen["steps"] = run.Get(settings.Steps);
            seen["rate"] = run.Get(settings.Rate);
            seen["rule"] = run.Get(settings.Rule);
            seen["flag"] = run.Get(settings.Flag);
            (seen["seed"], seen["data"], seen["out"]) = (run.Seed, run.Data, run.Out);
            (seen["quick"], seen["resume"], seen["json"]) = (run.Quick, run.Resume, run.Json);
        });

        Assert.That(ended.Code, Is.Zero);
        Assert.That(seen, Is.EquivalentTo(new Dictionary<string, object?>
        {
            ["steps"] = 7,
            ["rate"] = 0.25,
            ["rule"] = "adam",
            ["flag"] = true,
            ["seed"] = 12L,
            ["data"] = "d",
            ["out"] = "o",
            ["quick"] = true,
            ["resume"] = true,
            ["json"] = false,
        }));
    }

    [Test]
    public async Task Without_options_the_defaults_hold()
    {
        Dictionary<string, object?> seen = [];

        await Run("", (run, settings) =>
        {
            (seen["steps"], seen["flag"], seen["seed"]) = (run.Get(settings.Steps), run.Get(settings.Flag), run.Seed);
            (seen["data"], seen["out"]) = (run.Data, run.Out);
        });

        Assert.That(seen, Is.EquivalentTo(new Dictionary<string, object?>
        {
            ["steps"] = 100,
            ["flag"] = false,
            ["seed"] = 0L,
            ["data"] = null,
            ["out"] = Path.Combine("out", "fake"),
        }));
    }

    [Test]
    public async Task Shared_options_hold_after_a_verb()
    {
        var ended = await Run("predict image.png --seed 3 --json", run => run.Record("seen", run.Seed));

        Assert.That(JsonDocument.Parse(ended.Output).RootElement.GetProperty("seen").GetInt64(), Is.EqualTo(3));
    }

    public static IEnumerable<TestCaseData> Failures()
    {
        yield return new(new ShapeException("MatMul: inner sizes differ:\n[2, 3] x [4, 5]"), "fake: MatMul: inner sizes differ: [2, 3] x [4, 5]");
        yield return new(new FileNotFoundException("a.idx: no such file"), "fake: a.idx: no such file");
        yield return new(new UnauthorizedAccessException("no right to write"), "fake: no right to write");
        yield return new(new AggregateException(new DeviceException("Device: 'cuda' is not here")), "fake: Device: 'cuda' is not here");
        yield return new(new InvalidOperationException("a\r\nb"), "fake: unexpected InvalidOperationException: a b (NOETHER_TRACE=1 shows where)");
        yield return new(new OperationCanceledException("of its own"), "fake: unexpected OperationCanceledException: of its own (NOETHER_TRACE=1 shows where)");
    }

    [TestCaseSource(nameof(Failures))]
    public async Task An_error_gives_1_one_line_and_no_json(Exception error, string expected)
    {
        var ended = await Run("--json", _ => throw error);

        Assert.That(ended, Is.EqualTo(new Ended(1, "", expected + Environment.NewLine)));
    }

    [Test]
    public async Task A_device_that_is_not_there_gives_1_and_its_name()
    {
        var ended = await Run("--device cuda:99", run => run.Say("must not run"));

        Assert.That(ended.Code, Is.EqualTo(1));
        Assert.That(ended.Error, Does.StartWith("fake: ").And.Contain("cuda:99").And.Not.Contain("unexpected").And.Not.Contain("must not run"));
    }

    [Test]
    public async Task A_usage_error_found_later_gives_2()
    {
        var ended = await Run("", _ => throw new UsageException("--steps must divide 60,000"));

        Assert.That(ended, Is.EqualTo(new Ended(2, "", "fake: --steps must divide 60,000" + Environment.NewLine)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_cancelled_run_gives_130_and_no_json(bool throws)
    {
        using var source = new CancellationTokenSource();

        var ended = await Run("--json", run =>
        {
            source.Cancel();
            run.CanResumeFrom("out/fake/checkpoint");
            if (throws)
                run.Cancellation.ThrowIfCancellationRequested();
        }, source.Token);

        Assert.That(ended, Is.EqualTo(new Ended(
            130, "", "fake: interrupted; saved out/fake/checkpoint; --resume goes on from there" + Environment.NewLine)));
    }

    [Test]
    public async Task Json_prints_exactly_one_object_and_the_rest_goes_to_standard_error()
    {
        var ended = await Run("--json --seed 5", run =>
        {
            run.Say("hello");
            run.Table(["class", "accuracy"], [["[0]", "99.1%"], ["1", "7.0%"]]);
            using (var bar = run.Progress("training", 3))
                bar.Advance("loss 0.5", steps: 3);
            run.Record("test_accuracy", 0.75f);
            run.Record("eigenvalues", new[] { 2.5, double.NaN });
            run.Record("classes", new[] { new { TrueClass = 3 } });
        });

        Assert.That(ended.Code, Is.Zero);
        Assert.That(ended.Output.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
        var json = JsonDocument.Parse(ended.Output).RootElement;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(json.EnumerateObject().Select(each => each.Name),
                Is.EqualTo(["example", "device", "seed", "seconds", "test_accuracy", "eigenvalues", "classes"]));
            Assert.That(json.GetProperty("example").GetString(), Is.EqualTo("fake"));
            Assert.That(json.GetProperty("seed").GetInt64(), Is.EqualTo(5));
            Assert.That(json.GetProperty("seconds").GetDouble(), Is.GreaterThanOrEqualTo(0));
            Assert.That(json.GetProperty("eigenvalues").GetRawText(), Is.EqualTo("[2.5,null]"));
            Assert.That(json.GetProperty("classes").GetRawText(), Is.EqualTo("""[{"true_class":3}]"""));
            Assert.That(ended.Error, Does.Contain("hello").And.Contain("training: 100% (3 of 3), loss 0.5").And.Contain("[0]"));
            Assert.That(ended.Error, Does.Not.Contain("\e"), "no escape codes in a log");
        }
    }

    [TestCase("TestLoss")]
    [TestCase("test loss")]
    [TestCase("")]
    [TestCase("seconds")]
    public async Task A_figure_needs_a_snake_case_name_of_its_own(string name)
    {
        var ended = await Run("", run => Assert.That(() => run.Record(name, 1), Throws.ArgumentException));

        Assert.That(ended.Code, Is.Zero);
    }

    [Test]
    public async Task Outputs_are_named_in_the_last_line()
    {
        using var folder = new TemporaryFolder();

        var ended = await Run($"--out {folder["new"]}", run => File.WriteAllText(run.Output("loss.txt"), "1"));

        Assert.That(ended.Error, Is.EqualTo($"wrote loss.txt in {folder["new"]}{Environment.NewLine}"));
    }

    [Test]
    public async Task Help_lists_verbs_options_and_defaults_and_runs_nothing()
    {
        var ended = await Run("--help", run => run.Say("must not run"));

        Assert.That(ended.Code, Is.Zero);
        Assert.That(ended.Error, Is.Empty);
        Assert.That(ended.Output, Does.Contain("[default: 100]").And.Contain("predict <file>").And.Contain("--device <name>").And.Contain("out/fake"));
    }

    [Test]
    public async Task Help_of_a_verb_lists_its_argument()
    {
        var ended = await Run("predict --help", run => run.Say("must not run"));

        Assert.That(ended.Output, Does.Contain("fake predict <file> [options]").And.Not.Contain("--steps"));
    }

    [Test]
    public async Task Version_is_the_name_and_three_numbers() =>
        Assert.That((await Run("--version", _ => { })).Output, Does.Match(@"^fake \d+\.\d+\.\d+\s*$"));

    private static Task<Ended> Run(string line, Action<ExampleRun> work, CancellationToken cancellation = default) =>
        Run(line, (run, _) => work(run), cancellation);

    private static async Task<Ended> Run(string line, Action<ExampleRun, Settings> work, CancellationToken cancellation = default)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var args = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var code = await Example.Run("fake", "Pretends to work.", args, app =>
        {
            var settings = new Settings(
                app.Number("--steps", 100, "training steps", minimum: 1),
                app.Number("--rate", 0.5, "step size", minimum: 0, maximum: 1),
                app.Choice("--rule", "sgd", "update rule", "sgd", "adam"),
                app.Flag("--flag", "given or not"));
            app.Run(run => work(run, settings));
            var predict = app.Verb("predict", "Classifies an image.");
            predict.Argument("file", "an image");
            predict.Run(run => work(run, settings));
        }, new Terminal(output, error), cancellation);
        return new(code, output.ToString(), error.ToString());
    }

    private sealed record Ended(int Code, string Output, string Error);

    private sealed record Settings(Setting<int> Steps, Setting<double> Rate, Setting<string> Rule, Setting<bool> Flag);
}
