using System.Text.Json;

using Noether.Examples.Digits;
using Noether.Examples.LossLandscape;
using Noether.Examples.Sharpening;
using Noether.Examples.SharpnessAware;
using Noether.Examples.Tour;
using Noether.Examples.WeightSpaces;

namespace Noether.Examples.Tests.Common;

/// <summary>The examples on accelerators: they give the host's figures.</summary>
/// <remarks>On a processor as OpenCL's device most of the time is its compiler's, some tens of seconds: it runs where <c>NOETHER_LANES</c> has opencl.</remarks>
[NonParallelizable] // an example sets Device.Default
[TestFixture("opencl", Category = "OpenCL")]
[TestFixture("cuda", Category = "Cuda")]
public sealed class DeviceTests(string device)
{
    [SetUp]
    public void Find()
    {
        if (device == "opencl" && Environment.GetEnvironmentVariable("NOETHER_LANES")?.Contains(device, StringComparison.OrdinalIgnoreCase) != true)
            Assert.Ignore("set NOETHER_LANES=opencl");
        try
        {
            Device.Open(device);
        }
        catch (DeviceException absent)
        {
            Assert.Ignore(absent.Message);
        }
    }

    [TearDown]
    public void PutBack() => Device.Default = Device.Host;

    [Test]
    public async Task Digits_learns_what_it_learns_on_the_host()
    {
        var (there, here) = (await Train(device), await Train("host"));
        Assert.That(there.GetProperty("device").GetString(), Does.StartWith(device));
        foreach (var figure in new[] { "test_accuracy", "test_loss" })
            Assert.That(there.GetProperty(figure).GetDouble(), Is.EqualTo(here.GetProperty(figure).GetDouble()).Within(0.01), figure);
        double[] Eigenvalues(JsonElement figures) => [.. figures.GetProperty("hessian_eigenvalues").EnumerateArray().Select(value => value.GetDouble())];
        Assert.That(Eigenvalues(there), Is.EqualTo(Eigenvalues(here)).Within(1).Percent);

        static async Task<JsonElement> Train(string device)
        {
            using var folder = new TemporaryFolder();
            var ended = await Ended.Run("digits", DigitsApp.Configure, ["--quick", "--epochs", "1", "--json", "--device", device, "--out", folder.FullName], CancellationToken.None);
            Assert.That(ended.Code, Is.Zero, ended.Error);
            return ended.Json;
        }
    }

    [Test]
    public async Task The_tour_goes_its_whole_way()
    {
        using var folder = new TemporaryFolder();
        var ended = await Ended.Run("tour", TourApp.Configure, ["--json", "--device", device, "--out", folder.FullName], CancellationToken.None);
        Assert.That(ended.Code, Is.Zero, ended.Error);
        Assert.That(ended.Json.GetProperty("pieces").GetInt32(), Is.EqualTo(10));
    }

    [Test]
    public async Task Sinusoidal_networks_are_fitted_as_on_the_host()
    {
        using var folder = new TemporaryFolder();
        var (there, here) = (await Make(device), await Make("host"));
        foreach (var figure in new[] { "psnr_median", "psnr_tenth" })
            Assert.That(there.GetProperty(figure).GetDouble(), Is.EqualTo(here.GetProperty(figure).GetDouble()).Within(0.1), figure);

        async Task<JsonElement> Make(string on)
        {
            var ended = await Ended.Run("weight-spaces", WeightSpacesApp.Configure, ["make-sirens", "--images", "8", "--steps", "20", "--json", "--device", on, "--out", folder[on]], CancellationToken.None);
            Assert.That(ended.Code, Is.Zero, ended.Error);
            return ended.Json;
        }
    }

    [TestCase("classify", "accuracy")]
    [TestCase("edit", "error")]
    public async Task Weights_tell_what_they_tell_on_the_host(string verb, string score)
    {
        if (device == "opencl") Assert.Ignore("a processor as OpenCL's device compiles the kernels of these networks for minutes");
        using var folder = new TemporaryFolder();
        await Ended.Run("weight-spaces", WeightSpacesApp.Configure, ["make-sirens", "--images", "100", "--steps", "20", "--device", "host", "--out", folder.FullName], CancellationToken.None);
        var (there, here) = (await Learn(device), await Learn("host"));
        Assert.That(there, Is.EqualTo(here).Within(0.05));

        async Task<double[]> Learn(string on)
        {
            var ended = await Ended.Run("weight-spaces", WeightSpacesApp.Configure, [verb, "--epochs", "2", "--batch", "16", "--seeds", "1", "--hidden", "8", "--json", "--device", on, "--out", folder.FullName], CancellationToken.None);
            Assert.That(ended.Code, Is.Zero, ended.Error);
            return [.. ended.Json.GetProperty(verb == "edit" ? "edit_dilate" : verb).EnumerateArray().Select(each => each.GetProperty("scores").GetProperty(score).GetDouble())];
        }
    }

    [Test]
    public async Task The_loss_over_a_plane_is_the_hosts()
    {
        using var folder = new TemporaryFolder();
        string[] line = ["--quick", "--network", "mlp", "--points", "3", "--images", "100", "--json"];
        await Ended.Run("loss-landscape", LossLandscapeApp.Configure, [.. line, "--epochs", "1", "--device", "host", "--out", folder.FullName], CancellationToken.None);
        var (there, here) = (await Draw(device), await Draw("host"));
        foreach (var figure in new[] { "loss_at_centre", "loss_least", "loss_most" })
            Assert.That(there.GetProperty(figure).GetDouble(), Is.EqualTo(here.GetProperty(figure).GetDouble()).Within(0.1).Percent, figure);

        async Task<JsonElement> Draw(string on)
        {
            var ended = await Ended.Run("loss-landscape", LossLandscapeApp.Configure, [.. line, "--weights", folder["weights.safetensors"], "--device", on, "--out", folder[on]], CancellationToken.None);
            Assert.That(ended.Code, Is.Zero, ended.Error);
            return ended.Json;
        }
    }

    [Test]
    public async Task Sharpness_is_followed_as_on_the_host()
    {
        if (device == "opencl") Assert.Ignore("a processor as OpenCL's device compiles the kernels of these networks for minutes");
        using var folder = new TemporaryFolder();
        var (there, here) = (await Follow(device), await Follow("host"));
        Assert.That(there, Is.EqualTo(here).Within(1).Percent.And.All.Positive);

        async Task<double[]> Follow(string on)
        {
            var ended = await Ended.Run(
                "sharpening", SharpeningApp.Configure,
                ["edge", "--images", "20", "--test-images", "10", "--rates", "0.05", "--seeds", "1", "--flow", "0", "--every", "2", "--steps", "4", "--json", "--device", on, "--out", folder[on]],
                CancellationToken.None);
            Assert.That(ended.Code, Is.Zero, ended.Error);
            using var results = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder[on], "edge-tanh-half-squared.json")));
            return [.. results.RootElement.GetProperty("courses")[0].GetProperty("readings").EnumerateArray().Select(static each => each.GetProperty("sharpness").GetDouble())];
        }
    }

    [Test]
    public async Task Ranks_are_those_on_the_host()
    {
        if (device == "opencl") Assert.Ignore("a processor as OpenCL's device compiles the kernels of these networks for minutes");
        using var folder = new TemporaryFolder();
        var (there, here) = (await Train(device), await Train("host"));
        Assert.That(there, Is.EqualTo(here).Within(1.0));

        async Task<double[]> Train(string on)
        {
            var ended = await Ended.Run(
                "sharpness-aware", SharpnessAwareApp.Configure,
                ["ranks", "--quick", "--epochs", "2", "--images", "64", "--batch", "32", "--measured", "24", "--radii", "0,0.2", "--json", "--device", on, "--out", folder[on]],
                CancellationToken.None);
            Assert.That(ended.Code, Is.Zero, ended.Error);
            return [.. ended.Json.GetProperty("final").EnumerateArray().SelectMany(static each => each.GetProperty("layers").EnumerateObject()).Select(static layer => layer.Value.GetProperty("rank").GetDouble())];
        }
    }
}
