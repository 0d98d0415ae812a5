using System.CommandLine;
using Noether.Bench.Cases;
using Noether.Plots;

namespace Noether.Bench.Comparing;

/// <summary><c>growth</c>: time against size for whole families of cases, as a figure on logarithmic axes, where a cliff would show.</summary>
internal static class GrowthCommand
{
    public static Command Create()
    {
        Option<FileInfo> figure = new("--figure")
        {
            Description = "the figure to write, .svg or .png",
            DefaultValueFactory = static _ => new("growth.svg"),
        };
        Option<string?> filter = new("--filter") { Description = "only families whose title contains this text, or match it as a pattern with *" };
        var (quick, threads) = (Sides.Quick(), Sides.Threads());
        Command command = new("growth", "Measures time against size and draws it.") { figure, filter, quick, threads };
        command.SetAction((parse, cancellation) => Task.FromResult(Run(
            parse.GetValue(figure)!, parse.GetValue(filter), parse.GetValue(threads), parse.GetValue(quick) ? Sides.QuickSamples : Sides.Samples, cancellation)));
        return command;
    }

    private static int Run(FileInfo figure, string? filter, int threads, int samples, CancellationToken cancellation)
    {
        var families = Growth.All.Where(family => Pattern.Matches(family.Title, filter)).ToArray();
        if (families.Length == 0)
        {
            Console.Error.WriteLine($"bench: no family matches '{filter}'; there are: {string.Join(", ", Growth.All.Select(static family => family.Title))}");
            return Sides.Failed;
        }

        return Sides.Run(threads, peak =>
        {
            var panels = new Panels(Math.Min(2, families.Length));
            foreach (var family in families)
            {
                var measured = new Measurement[family.Sizes.Length];
                for (var i = 0; i < measured.Length; i++)
                {
                    Console.Error.WriteLine($"{family.Title}: {family.Axis} {family.Sizes[i]}");
                    measured[i] = Measurement.Of(family.Case(family.Sizes[i]), peak, samples, cancellation);
                }

                Console.Out.WriteLine(Report.Table(measured));
                panels = panels.Add(Draw(family, measured));
            }

            panels.Save(figure.FullName);
            Console.Error.WriteLine($"wrote {figure}");
            return Sides.Done;
        });
    }

    private static Figure Draw(Growth family, Measurement[] measured)
    {
        var figure = new Figure(family.Title, family.Axis, "ms") { XScale = AxisScale.Logarithmic, YScale = AxisScale.Logarithmic, Legend = LegendPlace.UpperLeft }
            .Line<int, double>(family.Sizes, Array.ConvertAll(measured, static m => m.Ours / 1e6), "Noether");
        return Peer.Present is null
            ? figure
            : figure.Line<int, double>(family.Sizes, Array.ConvertAll(measured, static m => m.Theirs!.Value / 1e6), "libtorch", dashed: true);
    }
}
