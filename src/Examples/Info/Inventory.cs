using System.Globalization;

namespace Noether.Examples.Info;

/// <summary>What is there, device by device.</summary>
internal sealed class Inventory(ExampleRun run, bool measuresAll, bool measuresNone)
{
    private readonly List<Found> found = [];
    private readonly List<string> problems = [];

    public void Run()
    {
        foreach (var device in Device.All.Append(run.Device).Distinct())
        {
            run.Cancellation.ThrowIfCancellationRequested();
            Look(device);
        }

        foreach (var kind in new[] { "cuda", "opencl" }.Where(kind => !found.Exists(each => each.Name.StartsWith(kind, StringComparison.Ordinal)))) Explain(kind);
        run.Table(
            ["device", "hardware", "driver", "memory", "copy GB/s", "float32 GFLOP/s"],
            found.Select(each => (IReadOnlyList<string>)
            [
                each.Name, each.Hardware, each.Driver, Gibibytes(each.MemoryBytes), Text(each.GigabytesPerSecond), Text(each.GigaflopsPerSecond),
            ]));
        foreach (var each in found)
        {
            run.Say($"{each.Name}: {string.Join(", ", each.Properties.Select(static property => $"{property.Key} {property.Value}"))}");
            run.Say($"  memory: {each.Pool}");
        }

        foreach (var problem in problems) run.Say(problem);
        var named = Environment.GetEnvironmentVariable("NOETHER_DEVICE");
        run.Say($"default device: {run.Device} ({(string.IsNullOrWhiteSpace(named) ? "the best that is present; --device and NOETHER_DEVICE choose others" : $"NOETHER_DEVICE={named}")})");
        run.Record("devices", found);
        run.Record("problems", problems);
    }

    private void Look(Device device)
    {
        try
        {
            var info = device.Describe();
            var measures = !measuresNone && (measuresAll || device == run.Device || info.Kind != HardwareKind.ProcessorAsAccelerator);
            if (measures) run.Say($"measuring {device} ...");
            var speed = measures ? new Speed(device, run.Quick) : null;
            found.Add(new(
                info.Name, info.Kind.ToString(), info.Hardware, info.Driver, info.Memory, speed?.Copy(), speed?.Product(), new(info.Properties), Memory.Statistics(device).ToString()));
        }
        catch (NoetherException error)
        {
            problems.Add(error.Message); // one that does not work must not hide the others
        }
    }

    // Opening what is not there tells why it is not.
    private void Explain(string kind)
    {
        try
        {
            Device.Open(kind);
        }
        catch (DeviceException absent)
        {
            problems.Add(absent.Message);
        }
    }

    private static string Gibibytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.#} GiB");

    private static string Text(double? value) => value?.ToString(value < 10 ? "0.00" : "0", CultureInfo.InvariantCulture) ?? "-";

    /// <summary>One device, as --json prints it.</summary>
    private sealed record Found(
        string Name, string Kind, string Hardware, string Driver, long MemoryBytes, double? GigabytesPerSecond, double? GigaflopsPerSecond,
        Dictionary<string, string> Properties, string Pool);
}
