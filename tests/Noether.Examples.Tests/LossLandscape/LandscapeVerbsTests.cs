using Noether.Examples.LossLandscape;
using Noether.Nn;

namespace Noether.Examples.Tests.LossLandscape;

/// <summary>The verbs of the example of loss landscapes, in small.</summary>
[TestFixture]
public sealed class LandscapeVerbsTests
{
    private static readonly string[] Training = ["--quick", "--epochs", "1", "--batch", "250", "--json", "--device", "host"];

    [Test]
    public async Task A_way_of_training_is_drawn_over_its_own_plane()
    {
        using var folder = new TemporaryFolder();
        await Done(["train", "--network", "mlp", "--checkpoints", "4", .. Training, "--out", folder.FullName]);
        Assert.That(Directory.GetFiles(folder["checkpoints"]), Has.Length.EqualTo(4));

        var ended = await Done("trajectory", "--quick", "--points", "3", "--images", "100", "--json", "--device", "host", "--out", folder.FullName);
        var path = TensorFiles.LoadNpz(folder["trajectory-path.npz"], Device.Host);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(folder.Names, Is.SupersetOf(["trajectory.html", "trajectory.npz", "trajectory.png", "trajectory.svg", "trajectory.vtp", "trajectory-losses.png", "trajectory.json"]));
            Assert.That(path["steps"].ToArray<double>(), Is.EqualTo([0, 5, 11, 16]));
            Assert.That(path["loss_in_plane"].ToArray<double>()[^1], Is.EqualTo(path["loss"].ToArray<double>()[^1]).Within(1e-5), "the end lies in the plane");
            Assert.That(ended.Json.GetProperty("loss_at_start").GetDouble(), Is.GreaterThan(ended.Json.GetProperty("loss_at_end").GetDouble()));
            Assert.That(ended.Json.GetProperty("first_explained").GetDouble() + ended.Json.GetProperty("second_explained").GetDouble(), Is.InRange(0.5, 1 + 1e-9));
        }

        await Refused("holds mlp, not small", "trajectory", "--network", "small", "--quick", "--out", folder.FullName);
        await Refused("a plane needs three", "trajectory", "--skip", "2", "--quick", "--out", folder.FullName);
        await Refused("no folder", "trajectory", "--quick", "--out", folder["elsewhere"]);
    }

    [Test]
    public async Task A_line_goes_through_both_networks()
    {
        using var folder = new TemporaryFolder();
        var first = await Done(["train", "--network", "mlp", "--checkpoints", "0", .. Training, "--out", folder["first"]]);
        await Done(["train", "--network", "mlp", "--checkpoints", "0", "--seed", "1", .. Training, "--out", folder["second"]]);
        string[] weights = [Path.Combine(folder["first"], "weights.safetensors"), Path.Combine(folder["second"], "weights.safetensors")];

        await Done("line", "--quick", "--points", "5", "--weights", weights[0], "--to", weights[1], "--json", "--device", "host", "--out", folder["line"]);
        var line = TensorFiles.LoadNpz(Path.Combine(folder["line"], "line.npz"), Device.Host);
        Assert.That(line["xs"].ToArray<double>(), Is.EqualTo([-0.5, 0, 0.5, 1, 1.5]));
        Assert.That(line["loss"].ToArray<double>()[2], Is.GreaterThan(line["loss"].ToArray<double>()[1]), "two trainings do not end in one basin");
        Assert.That(first.Json.GetProperty("rows")[1].GetProperty("numbers").GetProperty("accuracy").GetDouble(), Is.GreaterThan(0.2));

        // A curve between them begins and ends where they are.
        await Done(["connect", "--weights", weights[0], "--to", weights[1], "--points", "3", "--images", "100", .. Training, "--out", folder["line"]]);
        var curve = TensorFiles.LoadNpz(Path.Combine(folder["line"], "connect.npz"), Device.Host);
        foreach (var end in (int[])[0, 2])
            Assert.That(curve["train_curve_loss"].ToArray<double>()[end], Is.EqualTo(curve["train_line_loss"].ToArray<double>()[end]).Within(1e-5));
        Assert.That(curve["train_curve_loss"].ToArray<double>()[1], Is.LessThan(curve["train_line_loss"].ToArray<double>()[1]), "the curve was trained");
        await Refused("a curve between other networks", ["connect", "--weights", weights[1], "--to", weights[0], .. Training, "--resume", "--out", folder["line"]]);

        // Both as one page.
        var report = await Done("report", "--json", "--out", folder["line"]);
        Assert.That(report.Json.GetProperty("sections").GetInt32(), Is.EqualTo(2));
        Assert.That(File.ReadAllText(Path.Combine(folder["line"], "report.html")), Does.Contain("data:image/png").And.Contain("barrier of curve"));
    }

    [Test]
    public async Task Networks_are_compared_and_a_run_goes_on()
    {
        using var folder = new TemporaryFolder();
        string[] line = ["compare", "--networks", "mlp,mlp-noshort", "--points", "3", "--images", "100", .. Training, "--out", folder.FullName];
        var ended = await Done(line);
        Assert.That(folder.Names, Is.EquivalentTo(["compare-3d.png", "compare.json", "compare.png", "compare.svg", "mlp-0", "mlp-noshort-0"]));
        var rows = ended.Json.GetProperty("rows");
        Assert.That(rows.EnumerateArray().Select(static row => row.GetProperty("name").GetString()), Is.EqualTo(["mlp, seed 0", "mlp-noshort, seed 0", "mlp, mean", "mlp-noshort, mean"]));
        Assert.That(rows[0].GetProperty("numbers").GetProperty("mean_gap").GetDouble(), Is.InRange(0, 1));

        File.Delete(Path.Combine(folder["mlp-0"], "landscape.npz"));
        var written = File.GetLastWriteTimeUtc(Path.Combine(folder["mlp-0"], "weights.safetensors"));
        var again = await Done([.. line, "--resume"]);
        Assert.That(again.Json.GetProperty("rows")[0].ToString(), Is.EqualTo(rows[0].ToString()));
        Assert.That(File.GetLastWriteTimeUtc(Path.Combine(folder["mlp-0"], "weights.safetensors")), Is.EqualTo(written), "it was not trained again");
        await Refused("was trained otherwise", [.. line, "--resume", "--learning-rate", "0.01"]);
    }

    [Test]
    public async Task The_map_of_convexity_goes_on_point_by_point()
    {
        using var folder = new TemporaryFolder();
        string[] line = ["convexity", "--network", "mlp", "--width", "8", "--points", "2", "--images", "40", "--products", "12", "--together", "1", .. Training, "--out", folder.FullName];
        var ended = await Done(line);
        var map = TensorFiles.LoadNpz(folder["convexity.npz"], Device.Host);
        var (smallest, largest, ratio) = (map["smallest"].ToArray<double>(), map["largest"].ToArray<double>(), map["ratio"].ToArray<double>());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(smallest.Zip(largest).All(static pair => pair.First < pair.Second));
            Assert.That(ratio, Is.EqualTo(smallest.Zip(largest, static (low, high) => Math.Abs(low / high))).Within(1e-12));
            Assert.That(ended.Json.GetProperty("ratio_mean").GetDouble(), Is.EqualTo(ratio.Average()).Within(1e-9));
        }

        var products = map["products"].ToArray<double>();
        (products[3], largest[3], largest[0]) = (double.NaN, double.NaN, 77);
        TensorFiles.SaveNpz(folder["convexity.npz"], map.Select(each => new KeyValuePair<string, Tensor>(each.Key, each.Key switch
        {
            "products" => Tensor.From(products, [2, 2], Device.Host),
            "largest" => Tensor.From(largest, [2, 2], Device.Host),
            _ => each.Value,
        })));
        await Done([.. line, "--resume"]);
        var after = TensorFiles.LoadNpz(folder["convexity.npz"], Device.Host)["largest"].ToArray<double>();
        Assert.That((after[0], after[3]), Is.EqualTo((77.0, map["largest"].ToArray<double>()[3])));
        await Refused("other data or other settings", [.. line, "--resume", "--set", "test"]);
    }

    [Test]
    public async Task What_is_no_network_or_no_direction_is_refused()
    {
        using var folder = new TemporaryFolder();
        var network = new NetworkChoice("mlp", 8);
        var good = new Solution(network, network.Make(), network.Make().Init(RandomKey.From(0, Device.Host)), Parameters.Empty, "");
        good.Save(folder["good.safetensors"], "");
        var broken = good with { Parameters = good.Parameters.With("1.bias", good.Parameters["1.bias"] * double.NaN) };
        broken.Save(folder["broken.safetensors"], "");
        Checkpoint.SaveParameters(folder["shape.safetensors"], Parameters.Of(("x.1.bias", Tensor.Zeros([9])), ("y.1.bias", Tensor.Zeros([8]))));
        Checkpoint.SaveParameters(folder["name.safetensors"], Parameters.Of(("x.bias", Tensor.Zeros([9])), ("y.1.bias", Tensor.Zeros([8]))));
        Checkpoint.SaveParameters(folder["one.safetensors"], Parameters.Of(("x.1.bias", Tensor.Zeros([8]))));

        string[] line = ["surface", "--quick", "--points", "2", "--out", folder["out"], "--device", "host"];
        await Refused("'1.bias' [8] holds values that are not finite", [.. line, "--weights", folder["broken.safetensors"]]);
        await Refused("holds mlp of width 8, not resnet8", [.. line, "--weights", folder["good.safetensors"], "--network", "resnet8"]);
        await Refused("holds mlp of width 8, not mlp of width 16", [.. line, "--weights", folder["good.safetensors"], "--network", "mlp", "--width", "16"]);
        await Refused("'x.1.bias' is [9], but the network's is [8]", [.. line, "--weights", folder["good.safetensors"], "--directions", folder["shape.safetensors"]]);
        await Refused("'x.bias' is no tensor of the network", [.. line, "--weights", folder["good.safetensors"], "--directions", folder["name.safetensors"]]);
        await Refused("has no tensors y.NAME", [.. line, "--weights", folder["good.safetensors"], "--directions", folder["one.safetensors"]]);
        await Refused("nothing to report", "report", "--out", folder["nowhere"]);
    }

    [Test]
    public async Task Every_verb_tells_its_use()
    {
        foreach (var verb in (string[])["train", "surface", "line", "trajectory", "convexity", "connect", "compare", "report"])
        {
            var ended = await Run(verb, "--help");
            Assert.That((ended.Code, ended.Output.Contains($"loss-landscape {verb}", StringComparison.Ordinal)), Is.EqualTo((0, true)), verb);
        }
    }

    private static async Task<Ended> Done(params string[] args)
    {
        var ended = await Run(args);
        Assert.That(ended.Code, Is.Zero, ended.Error);
        return ended;
    }

    private static async Task Refused(string expected, params string[] args)
    {
        var ended = await Run(args);
        Assert.That(ended.Error, Does.Contain(expected));
        Assert.That(ended.Code, Is.EqualTo(1));
    }

    private static Task<Ended> Run(params string[] args) => Ended.Run("loss-landscape", LossLandscapeApp.Configure, args);
}
