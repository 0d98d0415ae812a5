namespace Noether.Models.Tests.Fixtures;

/// <summary>The files of a subject, once for each device: one test a file.</summary>
/// <remarks>
/// On the host always; on CUDA where it is; on OpenCL where <c>NOETHER_LANES</c> has fixtures, because a processor as OpenCL's device compiles for
/// seconds before each of them.
/// </remarks>
internal static class FixtureFiles
{
    /// <summary>The files beside the tests, then those of the folder that <c>NOETHER_FIXTURES</c> names.</summary>
    public static IEnumerable<TestCaseData> Cases(string subject)
    {
        var given = Environment.GetEnvironmentVariable("NOETHER_FIXTURES") is { Length: > 0 } folder ? Paths(Path.Combine(folder, subject)) : [];
        (string Path, string Note)[] files = [.. Paths(Path.Combine(AppContext.BaseDirectory, "Fixtures", subject)).Select(static path => (path, "")), .. given.Select(static path => (path, " (given)"))];
        foreach (var (device, lane) in ((string, string)[])[("host", "Host"), ("opencl", "OpenCL"), ("cuda", "Cuda")])
        {
            foreach (var (path, note) in files)
                yield return new TestCaseData(path, device).SetName($"{Path.GetFileNameWithoutExtension(path)} on {device}{note}").SetCategory(lane);
        }
    }

    /// <summary>The device; ends the test as skipped where there is none.</summary>
    public static Device Open(string device)
    {
        if (device == "opencl" && Environment.GetEnvironmentVariable("NOETHER_LANES")?.Contains("fixtures", StringComparison.OrdinalIgnoreCase) != true)
            Assert.Ignore("set NOETHER_LANES=fixtures");
        try
        {
            return Device.Open(device);
        }
        catch (DeviceException absent)
        {
            Assert.Ignore(absent.Message);
            throw;
        }
    }

    private static string[] Paths(string folder) => Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "*.npz").Order(StringComparer.Ordinal)] : [];
}
