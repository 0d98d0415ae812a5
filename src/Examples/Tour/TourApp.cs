namespace Noether.Examples.Tour;

/// <summary>The command line: no options beside the shared ones.</summary>
internal static class TourApp
{
    public const string Description = "Walks through the engine in ten short pieces: each line of code with what it gives.";

    public static void Configure(ExampleApp app) => app.Run(run => new Walk(run).Run());
}
