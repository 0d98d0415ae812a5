using System.Globalization;

using Noether.Models.Sharpening;

namespace Noether.Examples.Sharpening;

/// <summary>Descent at constant rates, measured until sharpness meets the edge of stability and stays there.</summary>
internal sealed class EdgeStudy(ExampleRun run, DescentSettings settings)
{
    // One measurement of the flow for so many of its steps.
    private const int FlowEvery = 10;

    public required IReadOnlyList<DescentRecipe> Recipes { get; init; }

    /// <summary>How long gradient flow is followed; 0: not.</summary>
    public required double FlowTime { get; init; }

    /// <summary>First images whose factors of sharpness are computed; 0: none.</summary>
    public required int FactorImages { get; init; }

    public void Run()
    {
        var data = Images.Load(run.Data, settings.Images, settings.TestImages);
        var results = new Descent(run, "edge", settings) { FactorImages = FactorImages }
            .Run(data, [.. Recipes.Select(static recipe => (string.Create(CultureInfo.InvariantCulture, $"η = {recipe.LearningRate}"), recipe))]);
        run.Table(CourseTable.Columns, CourseTable.Rows(results));
        run.Record("edge", CourseFigures.Variants(results).Select(static own => new
        {
            own[0].Recipe.LearningRate,
            own[0].Threshold,
            Summaries = own.Select(static course => course.Summary),
        }));
        CourseFigures.Edge(results).Save(run.Output($"{results.Stem}-sharpness.png"));
        CourseFigures.Jacobian(results).Save(run.Output($"{results.Stem}-jacobian.png"));
        CourseFigures.Factors(results)?.Save(run.Output($"{results.Stem}-factors.png"));
        if (FlowTime > 0) CourseFigures.Flow(results, Flow(data)).Save(run.Output($"{results.Stem}-flow.png"));
    }

    private List<(double Time, SharpnessReading Reading)> Flow(Images data)
    {
        var network = Networks.ByName[settings.Network]();
        var flow = new GradientFlow(network.Apply, settings.Loss, data.Train);
        var probe = new SharpnessProbe(network.Apply, settings.Loss, data.Train, data.Test);
        var weights = network.Init(RandomKey.From(run.Seed));
        var found = new List<(double, SharpnessReading)>();
        const int parts = 1000;
        using var bar = run.Progress("gradient flow", parts);
        double time = 0, step = 0;
        for (var i = 0; time < FlowTime; i++)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            if (i % FlowEvery == 0)
            {
                var reading = probe.Measure(weights);
                found.Add((time, reading));
                step = GradientFlow.StepLength(reading.Sharpness);
            }

            var length = Math.Min(step, FlowTime - time);
            (weights, var loss) = flow.Step(weights, length);
            var before = time;
            time = length < step ? FlowTime : time + length;
            bar.Advance($"time {time:0.00}, loss {loss:0.0000}", (long)(parts * time / FlowTime) - (long)(parts * before / FlowTime));
        }

        found.Add((time, probe.Measure(weights)));
        return found;
    }
}
