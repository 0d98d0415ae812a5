using Noether.Examples.Info;

namespace Noether.Examples.Tests.Info;

[NonParallelizable] // it measures, and chooses the default device
public sealed class InfoTests
{
    [Test]
    public async Task The_host_is_listed_and_measured_and_absent_drivers_are_explained()
    {
        var ended = await Ended.Run("noether-info", InfoApp.Configure, ["--quick", "--json", "--device", "host"]);

        Assert.That(ended.Code, Is.Zero, ended.Error);
        var devices = ended.Json.GetProperty("devices");
        var host = devices[0];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(host.GetProperty("name").GetString(), Is.EqualTo("host"));
            Assert.That(host.GetProperty("gigabytes_per_second").GetDouble(), Is.Positive);
            Assert.That(host.GetProperty("gigaflops_per_second").GetDouble(), Is.Positive);
            Assert.That(host.GetProperty("memory_bytes").GetInt64(), Is.Positive);
            Assert.That(host.GetProperty("properties").GetProperty("threads").GetString(), Is.Not.Empty);
            Assert.That(ended.Error, Does.Contain("default device: host"));
        }

        var names = devices.EnumerateArray().Select(device => device.GetProperty("name").GetString()!).ToArray();
        var problems = ended.Json.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()).ToArray();
        Assert.That(names, Is.SubsetOf(Device.All.Select(device => device.Name)));
        foreach (var kind in new[] { "cuda", "opencl" }.Where(kind => !names.Any(name => name.StartsWith(kind, StringComparison.Ordinal))))
            Assert.That(problems, Has.Some.Contains(kind));
    }

    [Test]
    public async Task With_list_nothing_is_measured()
    {
        var ended = await Ended.Run("noether-info", InfoApp.Configure, ["--list", "--json", "--device", "host"]);

        Assert.That(ended.Code, Is.Zero, ended.Error);
        Assert.That(ended.Json.GetProperty("devices")[0].GetProperty("gigaflops_per_second").ValueKind, Is.EqualTo(System.Text.Json.JsonValueKind.Null));
        Assert.That(ended.Error, Does.Not.Contain("measuring"));
    }

    [Test]
    public async Task An_absent_device_is_one_line_that_names_those_present()
    {
        var ended = await Ended.Run("noether-info", InfoApp.Configure, ["--device", "cuda:7"]);

        if (Device.All.Any(device => device.Name == "cuda:7")) Assert.Ignore("this machine has eight GPUs");
        Assert.That(ended.Code, Is.EqualTo(ExitCode.Failed));
        Assert.That(ended.Error, Does.StartWith("noether-info: Device: cuda:7 is not there").And.Contain("host is always there"));
    }
}
