using Noether.Examples.Digits;

using SkiaSharp;

namespace Noether.Examples.Tests.Digits;

public sealed class DigitsTests
{
    private const int ImageSize = 28 * 28;

    private static TemporaryFolder Trained = null!;
    private static Ended Training = null!;

    [OneTimeSetUp]
    public static async Task Train()
    {
        Trained = new();
        Training = await Run("--quick", "--epochs", "2", "--json", "--out", Trained.FullName);
    }

    [OneTimeTearDown]
    public static void Forget() => Trained.Dispose();

    [Test]
    public void A_quick_run_learns_and_reports_its_figures()
    {
        Assert.That(Training.Code, Is.Zero, Training.Error);
        var figures = Training.Json;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(figures.GetProperty("example").GetString(), Is.EqualTo("digits"));
            Assert.That(figures.GetProperty("seed").GetInt64(), Is.Zero);
            Assert.That(figures.GetProperty("device").GetString(), Is.Not.Empty);
            // 62 steps: far from chance, which is 0.1 and log 10
            Assert.That(figures.GetProperty("test_accuracy").GetDouble(), Is.InRange(0.7, 1));
            Assert.That(figures.GetProperty("test_loss").GetDouble(), Is.InRange(0, 1.2));
            Assert.That(figures.GetProperty("train_seconds").GetDouble(), Is.InRange(0, figures.GetProperty("seconds").GetDouble()));
            Assert.That(figures.GetProperty("images_per_second").GetDouble(), Is.Positive);
            double[] eigenvalues = [.. figures.GetProperty("hessian_eigenvalues").EnumerateArray().Select(value => value.GetDouble())];
            Assert.That(eigenvalues, Has.Length.EqualTo(3).And.Ordered.Descending.And.All.Positive);
        }
    }

    [Test]
    public void It_writes_figures_weights_and_a_checkpoint()
    {
        Assert.That(Trained.Names, Is.EqualTo(["checkpoint.safetensors", "digits.safetensors", "loss.csv", "loss.png", "mistakes.png"]));
        var weights = TensorFiles.LoadSafeTensors(Trained["digits.safetensors"]);
        Assert.That(weights.Values.Sum(each => each.Size), Is.EqualTo(18_378));
    }

    [Test]
    public async Task Predict_reads_raw_bytes_and_pictures_alike()
    {
        using var folder = new TemporaryFolder();
        // the first "7" and the first "1" of the carried file
        var images = IdxFile.ReadBytes(Carried("t10k-images-idx3-ubyte")).Bytes;
        var (seven, one) = (images[..ImageSize], images[(2 * ImageSize)..(3 * ImageSize)]);
        File.WriteAllBytes(folder["seven.raw"], seven);
        WritePng(folder["seven.png"], seven, scale: 1, dark: false);
        WritePng(folder["one.png"], one, scale: 5, dark: true);

        var ended = await Run("predict", folder["seven.raw"], folder["seven.png"], folder["one.png"], "--json", "--out", Trained.FullName);

        Assert.That(ended.Code, Is.Zero, ended.Error);
        var read = ended.Json.GetProperty("predictions").EnumerateArray().ToArray();
        double[] Probabilities(int i) => [.. read[i].GetProperty("probabilities").EnumerateArray().Select(value => value.GetDouble())];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(read.Select(each => each.GetProperty("digit").GetInt32()), Is.EqualTo([7, 7, 1]));
            Assert.That(read[2].GetProperty("file").GetString(), Is.EqualTo(folder["one.png"]));
            // luma of equal colours rounds in the last bits of float32
            Assert.That(Probabilities(1), Is.EqualTo(Probabilities(0)).Within(1e-4));
            Assert.That(Probabilities(2).Sum(), Is.EqualTo(1).Within(1e-5));
        }
    }

    [Test]
    public async Task An_interrupted_run_resumes_to_the_bits_of_an_uninterrupted_one()
    {
        using var data = new TemporaryFolder();
        using var whole = new TemporaryFolder();
        using var parts = new TemporaryFolder();
        WriteData(data, train: 150, test: 20);
        string[] settings = ["--data", data.FullName, "--epochs", "2", "--batch", "50", "--quick", "--seed", "4", "--out"];

        var uninterrupted = await Run([.. settings, whole.FullName]);
        var interrupted = await Run([.. settings, parts.FullName], new CancellationToken(canceled: true));
        var afterOneStep = File.ReadAllLines(parts["loss.csv"]);
        var resumed = await Run([.. settings, parts.FullName, "--resume"]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((uninterrupted.Code, interrupted.Code, resumed.Code), Is.EqualTo((0, 130, 0)), resumed.Error);
            Assert.That(interrupted.Error, Does.EndWith($"digits: interrupted; saved {parts["checkpoint.safetensors"]}; --resume goes on from there{Environment.NewLine}"));
            Assert.That(afterOneStep, Has.Length.EqualTo(2), "a head and one step");
            foreach (var file in new[] { "digits.safetensors", "checkpoint.safetensors", "loss.csv" })
                Assert.That(File.ReadAllBytes(parts[file]), Is.EqualTo(File.ReadAllBytes(whole[file])), file);
        }
    }

    [Test]
    public async Task A_profile_shows_the_lines_of_the_layers_and_leaves_training_as_it_is()
    {
        using var data = new TemporaryFolder();
        using var plain = new TemporaryFolder();
        using var profiled = new TemporaryFolder();
        WriteData(data, train: 150, test: 20);
        string[] settings = ["--data", data.FullName, "--epochs", "1", "--batch", "50", "--quick", "--seed", "4", "--out"];

        var without = await Run([.. settings, plain.FullName]);
        var ended = await Run([.. settings, profiled.FullName, "--profile", profiled["profile.json"]]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((without.Code, ended.Code), Is.EqualTo((0, 0)), ended.Error);
            Assert.That(ended.Error, Does.Contain("GFLOP/s").And.Match(@"Convolution +Convolution\.cs:\d+").And.Contain("(compiled function)"));
            Assert.That(File.ReadAllBytes(profiled["digits.safetensors"]), Is.EqualTo(File.ReadAllBytes(plain["digits.safetensors"])));
            using var trace = System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(profiled["profile.json"]));
            Assert.That(trace.RootElement.GetProperty("traceEvents").GetArrayLength(), Is.GreaterThan(100));
        }
    }

    [Test]
    public async Task Resuming_without_a_checkpoint_says_so()
    {
        using var folder = new TemporaryFolder();

        var ended = await Run("--quick", "--resume", "--out", folder.FullName);

        Assert.That(ended.Code, Is.EqualTo(1));
        Assert.That(ended.Error, Does.EndWith($"digits: {folder["checkpoint.safetensors"]}: no such file to resume from{Environment.NewLine}"));
    }

    [TestCase("missing folder", "digits: no data folder ")]
    [TestCase("missing file", "digits: t10k-labels-idx1-ubyte missing in ")]
    [TestCase("cut off", "digits: ")]
    [TestCase("wide images", "the images are [14, 56], not [28, 28]")]
    [TestCase("label 12", "holds the label 12; digits are 0 to 9")]
    public async Task Bad_data_give_1_and_one_line(string what, string expected)
    {
        using var data = new TemporaryFolder();
        using var output = new TemporaryFolder();
        WriteData(data, train: 60, test: 10);
        switch (what)
        {
            case "missing file": File.Delete(data["t10k-labels-idx1-ubyte"]); break;
            case "cut off": File.WriteAllBytes(data["train-images-idx3-ubyte"], File.ReadAllBytes(data["train-images-idx3-ubyte"])[..^1]); break;
            case "wide images": WriteIdx(data["train-images-idx3-ubyte"], new byte[60 * ImageSize], 60, 14, 56); break;
            case "label 12": WriteIdx(data["train-labels-idx1-ubyte"], [.. Enumerable.Repeat((byte)12, 60)], 60); break;
        }

        var ended = await Run("--data", what == "missing folder" ? data["none"] : data.FullName, "--out", output.FullName);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(ended.Code, Is.EqualTo(1));
            Assert.That(ended.Error, Does.Contain(expected).And.EndsWith(Environment.NewLine));
            Assert.That(ended.Error.Count(letter => letter == '\n'), Is.EqualTo(1), ended.Error);
        }
    }

    [TestCase("--epoch 3", "digits: unknown option --epoch; did you mean --epochs?")]
    [TestCase("train --bach 3", "digits: unknown option --bach; did you mean --batch?")]
    [TestCase("predict", "digits: predict needs <file>")]
    [TestCase("predict a.png --jsn", "digits: unknown option --jsn; did you mean --json?")]
    [TestCase("--batch 4096 --quick", "--batch 4096 is more than the 2000 training images")]
    public async Task Wrong_usage_gives_2(string line, string expected)
    {
        var ended = await Run(line.Split(' '));

        Assert.That(ended.Code, Is.EqualTo(2));
        Assert.That(ended.Error, Does.Contain(expected));
    }

    [Test]
    public async Task Predict_names_what_is_missing()
    {
        using var folder = new TemporaryFolder();

        var untrained = await Run("predict", "a.png", "--out", folder.FullName);
        var absent = await Run("predict", folder["a.png"], "--out", Trained.FullName);

        Assert.That(untrained, Is.EqualTo(new Ended(1, "", $"digits: {folder["digits.safetensors"]}: no such file; train first, or let --out name the folder of the weights{Environment.NewLine}")));
        Assert.That(absent, Is.EqualTo(new Ended(1, "", $"digits: {folder["a.png"]}: no such file{Environment.NewLine}")));
    }

    private static Task<Ended> Run(params string[] args) => Run(args, CancellationToken.None);

    private static Task<Ended> Run(string[] args, CancellationToken cancellation) => Ended.Run("digits", DigitsApp.Configure, args, cancellation);

    private static string Carried(string file) => ExampleData.Find("mnist", null, file)[0];

    /// <summary>The first images of the carried file as a data set of four plain files.</summary>
    private static void WriteData(TemporaryFolder folder, int train, int test)
    {
        var images = IdxFile.ReadBytes(Carried("t10k-images-idx3-ubyte")).Bytes;
        var labels = IdxFile.ReadBytes(Carried("t10k-labels-idx1-ubyte")).Bytes;
        WriteIdx(folder["train-images-idx3-ubyte"], images[..(train * ImageSize)], train, 28, 28);
        WriteIdx(folder["train-labels-idx1-ubyte"], labels[..train], train);
        WriteIdx(folder["t10k-images-idx3-ubyte"], images[(train * ImageSize)..((train + test) * ImageSize)], test, 28, 28);
        WriteIdx(folder["t10k-labels-idx1-ubyte"], labels[train..(train + test)], test);
    }

    private static void WriteIdx(string path, byte[] bytes, params int[] sizes) => File.WriteAllBytes(path,
        [0, 0, 8, (byte)sizes.Length, .. sizes.SelectMany(size => (byte[])[(byte)(size >> 24), (byte)(size >> 16), (byte)(size >> 8), (byte)size]), .. bytes]);

    private static void WritePng(string path, byte[] pixels, int scale, bool dark)
    {
        using var bitmap = new SKBitmap(28 * scale, 28 * scale);
        for (var x = 0; x < bitmap.Width; x++)
        {
            for (var y = 0; y < bitmap.Height; y++)
            {
                var level = pixels[y / scale * 28 + x / scale];
                if (dark) level = (byte)(255 - level);
                bitmap.SetPixel(x, y, new SKColor(level, level, level));
            }
        }

        using var file = File.Create(path);
        bitmap.Encode(file, SKEncodedImageFormat.Png, 100);
    }
}
