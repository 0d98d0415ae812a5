using Noether.Examples.LossLandscape;

namespace Noether.Examples.Tests.LossLandscape;

/// <summary>The example of loss landscapes, in small.</summary>
[TestFixture]
public sealed class LossLandscapeTests
{
    private static readonly string[] Small = ["--quick", "--network", "mlp", "--points", "5", "--images", "100", "--json", "--device", "host"];

    [Test]
    public async Task A_plane_is_computed_drawn_and_gone_on_with()
    {
        using var folder = new TemporaryFolder();
        var ended = await Run([.. Small, "--out", folder.FullName]);
        Assert.That(ended.Code, Is.Zero, ended.Error);
        Assert.That(folder.Names, Is.EquivalentTo(["directions.safetensors", "landscape-3d.png", "landscape-contour.png", "landscape-contour.svg", "landscape.html", "landscape.json", "landscape.npz", "landscape.png", "landscape.svg", "landscape.vtp", "weights.safetensors"]));
        var plane = TensorFiles.LoadNpz(folder["landscape.npz"], Device.Host);
        var losses = plane["loss"].ToArray<double>();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(losses, Has.Length.EqualTo(25).And.All.Positive);
            Assert.That(losses[12], Is.EqualTo(ended.Json.GetProperty("loss_at_centre").GetDouble()).Within(1e-5), "the middle of the plane is the network");
            Assert.That(ended.Json.GetProperty("loss_at_centre").GetDouble(), Is.LessThan(2), "it has learnt something");
            Assert.That(File.ReadAllText(folder["landscape.html"]), Does.Contain("<canvas").And.Not.Contain("http"));
        }

        // A hole is filled, and what is there stays.
        var hole = (double[])losses.Clone();
        var right = plane["accuracy"].ToArray<double>();
        for (var column = 0; column < 5; column++) (hole[10 + column], right[10 + column]) = (double.NaN, double.NaN);
        hole[0] = 77;
        TensorFiles.SaveNpz(folder["landscape.npz"], plane.Select(each => new KeyValuePair<string, Tensor>(each.Key, each.Key switch
        {
            "loss" => Tensor.From(hole, [5, 5], Device.Host),
            "accuracy" => Tensor.From(right, [5, 5], Device.Host),
            _ => each.Value,
        })));
        var resumed = await Run([.. Small, "--out", folder.FullName, "--resume"]);
        Assert.That(resumed.Code, Is.Zero, resumed.Error);
        losses[0] = 77;
        Assert.That(TensorFiles.LoadNpz(folder["landscape.npz"], Device.Host)["loss"].ToArray<double>(), Is.EqualTo(losses).Within(1e-9));

        // Another plane is no continuation.
        var other = await Run([.. Small, "--out", folder.FullName, "--resume", "--normalization", "layer"]);
        Assert.That(other.Code, Is.EqualTo(1));
        Assert.That(other.Error, Does.Contain("another network, other data or other settings"));

        // What another training left is not written over.
        var trained = await Run([.. Small, "--epochs", "1", "--out", folder.FullName]);
        Assert.That(trained.Code, Is.EqualTo(1));
        Assert.That(trained.Error, Does.Contain("was trained otherwise"));

        // The user's own weights, and a broken file of them.
        var own = await Run([.. Small, "--weights", folder["weights.safetensors"], "--out", folder["own"]]);
        Assert.That(own.Code, Is.Zero, own.Error);
        Assert.That(own.Json.GetProperty("loss_at_centre").GetDouble(), Is.EqualTo(ended.Json.GetProperty("loss_at_centre").GetDouble()));
        var wrong = await Run("--quick", "--network", "small", "--weights", folder["weights.safetensors"], "--out", folder["own"]);
        Assert.That(wrong.Code, Is.EqualTo(1));
        Assert.That(wrong.Error, Does.Contain("weights.safetensors"));
    }

    [TestCase("surface --points-y 1 --quick", "--points-y takes 0 or a whole number of at least 2")]
    [TestCase("line --from-x 1 --to-x 1", "--from-x 1 is not below --to-x 1")]
    [TestCase("train --checkpoints 2", "a plane needs three")]
    [TestCase("--width 8", "--width needs --network")]
    [TestCase("--network small --width 8 --quick", "small has one width")]
    [TestCase("surfaces", "did you mean surface?")]
    [TestCase("--points 1", "--points takes a whole number from 2 to 501, not '1'")]
    [TestCase("--network resnet21", "did you mean resnet20?")]
    public async Task Wrong_usage_gives_2(string line, string expected)
    {
        var ended = await Run(line.Split(' '));
        Assert.That(ended.Code, Is.EqualTo(2));
        Assert.That(ended.Error, Does.Contain(expected));
    }

    private static Task<Ended> Run(params string[] args) => Ended.Run("loss-landscape", LossLandscapeApp.Configure, args);
}
