using System.Globalization;
using System.Text.RegularExpressions;

namespace Noether.Examples;

/// <summary>The options that every example and every verb takes.</summary>
internal sealed partial class SharedSettings
{
    public SharedSettings(ExampleApp app)
    {
        Device = app.Add<string?>("--device", "name", "host, cuda, cuda:1, opencl", "the best present", null, DeviceName, shared: true);
        Seed = app.Add("--seed", "n", "the start of all random numbers", "0", 0L, SeedNumber, shared: true);
        Data = app.Add<string?>("--data", "dir", "where the data lie", "what the project carries", null, word => word, shared: true);
        Out = app.Add<string?>("--out", "dir", "where figures and weights go", $"out/{app.Name}", null, word => word, shared: true);
        Quick = Flag(app, "--quick", "seconds instead of minutes, for a first look");
        Json = Flag(app, "--json", "the results as one JSON object on standard output");
        Resume = Flag(app, "--resume", "go on from the last checkpoint in the output folder");
    }

    public Setting<string?> Device { get; }

    public Setting<long> Seed { get; }

    public Setting<string?> Data { get; }

    public Setting<string?> Out { get; }

    public Setting<bool> Quick { get; }

    public Setting<bool> Json { get; }

    public Setting<bool> Resume { get; }

    private static Setting<bool> Flag(ExampleApp app, string name, string description)
    {
        var flag = app.Flag(name, description);
        app.Command.Options[^1].Recursive = true;
        return flag;
    }

    private static string DeviceName(string word) => DevicePattern().IsMatch(word)
        ? word.ToLowerInvariant()
        : throw new UsageException(Nearest.Among(word, ["host", "cuda", "opencl"]) is { } near
            ? $"--device takes host, cuda, cuda:1 or opencl, not '{word}'; did you mean {near}?"
            : $"--device takes host, cuda, cuda:1 or opencl, not '{word}'");

    private static long SeedNumber(string word) =>
        long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : throw new UsageException($"--seed takes a whole number of at least 0, not '{word}'");

    [GeneratedRegex(@"^(host|cpu|(cuda|opencl)(:\d{1,3})?)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DevicePattern();
}
