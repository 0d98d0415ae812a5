namespace Noether.Examples.Info;

/// <summary>The command line: what to measure.</summary>
internal static class InfoApp
{
    public const string Description = "Shows the devices of this machine with their drivers and capabilities, what they reach, and what the engine chooses.";

    public static void Configure(ExampleApp app)
    {
        var all = app.Flag("--all", "measures every device, also a processor that poses as an accelerator");
        var skip = app.Flag("--list", "measures nothing");
        app.Run(run => new Inventory(run, run.Get(all), run.Get(skip)).Run());
    }
}
