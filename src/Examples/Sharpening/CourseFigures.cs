using System.Globalization;

using Noether.Models.Sharpening;
using Noether.Plots;

namespace Noether.Examples.Sharpening;

/// <summary>The figures of runs of descent.</summary>
internal static class CourseFigures
{
    private const int Wide = 460, High = 360;

    /// <summary>Each variant a column: sharpness of every seed with the edge, and the loss beneath.</summary>
    public static Drawing Edge(StudyResults results)
    {
        var variants = Variants(results);
        var panels = new Panels(variants.Length);
        foreach (var own in variants)
        {
            // room above for the legend
            var figure = Small(own[0].Variant, "step", "sharpness") with
            {
                Legend = LegendPlace.UpperRight,
                YRange = (0, 1.7 * own.SelectMany(static c => c.Of(static r => r.Sharpness)).Append(own[0].Threshold).Where(double.IsFinite).DefaultIfEmpty(1).Max()),
            };
            foreach (var course in own) figure = figure.Line<int, double>([.. course.Steps], course.Of(static r => r.Sharpness), $"seed {course.Seed}");
            panels = panels.Add(own[0].Recipe.Radius > 0
                ? figure.Line<int, double>([.. own[0].Steps], own[0].Of(r => own[0].Recipe.Threshold(r.GradientNorm)), "edge", dashed: true)
                : figure.HorizontalRule(own[0].Threshold, $"{(own[0].Recipe.Momentum > 0 ? "edge" : "2/η")} = {own[0].Threshold.ToString("0.##", CultureInfo.InvariantCulture)}"));
        }

        foreach (var own in variants)
        {
            var figure = Small(null, "step", "loss") with { YScale = AxisScale.Logarithmic };
            foreach (var course in own) figure = figure.Line<double>([.. course.Losses]);
            panels = panels.Add(figure);
        }

        return panels;
    }

    /// <summary>Each variant a panel: the Jacobian along the way with what the targets ask for; then all of them against sharpness.</summary>
    public static Drawing Jacobian(StudyResults results)
    {
        // Logits have no targets under cross-entropy, probabilities have.
        var isSoftmax = results.Loss.StartsWith("CrossEntropy", StringComparison.Ordinal);
        (string Label, Func<SharpnessReading, double> Number)[] quantities = isSoftmax
            ? [("largest, training", static r => r.TrainSoftmax.Max), ("mean, training", static r => r.TrainSoftmax.Mean), ("largest, test", static r => r.TestSoftmax.Max), ("bound from below", static r => r.SoftmaxLowerBound)]
            : [("largest, training", static r => r.Train.Max), ("mean, training", static r => r.Train.Mean), ("largest, test", static r => r.Test.Max), ("bound from below", static r => r.LowerBound)];
        var (panels, variants) = (new Panels(2), Variants(results));
        foreach (var own in variants)
        {
            var most = quantities.SelectMany(each => own.SelectMany(c => c.Of(each.Number))).Where(double.IsFinite).DefaultIfEmpty(1).Max();
            var figure = Small(own[0].Variant, "step", isSoftmax ? "‖J‖ of softmax" : "‖J‖") with { Legend = LegendPlace.UpperRight, YRange = (0, 1.75 * most) };
            foreach (var (label, number) in quantities) figure = figure.Line<int, double>([.. own[0].Steps], [.. Spread(own, number).Mean.Select(static v => v > 0 ? v : double.NaN)], label);
            panels = panels.Add(figure);
        }

        var against = Small("all measurements of all seeds", "largest ‖J‖ over the training images", "sharpness") with { XScale = AxisScale.Logarithmic, YScale = AxisScale.Logarithmic };
        foreach (var own in variants)
            against = against.Scatter<double, double>([.. own.SelectMany(static c => c.Of(static r => r.Train.Max))], [.. own.SelectMany(static c => c.Of(static r => r.Sharpness))], own[0].Variant);
        return panels.Add(against);
    }

    /// <summary>Each variant a column: the eigenvalues between their bounds, and the factors of the bound beneath; first seed.</summary>
    public static Drawing? Factors(StudyResults results)
    {
        Course[] courses = [.. results.Courses.Where(static course => course.Factors.Count == course.Steps.Count && course.Steps.Count > 0)];
        if (courses.Length == 0) return null;
        var panels = new Panels(courses.Length);
        foreach (var course in courses)
        {
            int[] steps = [.. course.Steps];
            double[] Of(Func<SharpnessFactors, double> number) => [.. course.Factors.Select(number)];
            var range = Headroom([.. course.Of(static r => r.Sharpness), .. Of(static f => f.GaussNewton), .. Of(static f => f.Bound)]);
            panels = panels.Add((Small(course.Variant, "step", "eigenvalue") with { YScale = AxisScale.Logarithmic, Legend = LegendPlace.UpperRight, YRange = range })
                .Line<int, double>(steps, course.Of(static r => r.Sharpness), "H")
                .Line<int, double>(steps, Of(static f => f.GaussNewton), "G")
                .Line<int, double>(steps, Of(static f => f.Cost * f.Kernel), "cost · kernel", dashed: true)
                .Line<int, double>(steps, Of(static f => f.Bound), "bound by layers"));
        }

        foreach (var course in courses)
        {
            int[] steps = [.. course.Steps];
            // What does not change by its nature is left out: inputs of the first layer, and what follows the last.
            var last = course.Factors[0].Layers.Count - 1;
            var lines = new List<(string Label, double[] Values, bool IsDerivative)> { ("cost", Relative([.. course.Factors.Select(static f => f.Cost)]), false) };
            for (var layer = 0; layer <= last; layer++)
            {
                var at = layer;
                if (layer < last) lines.Add(($"‖J‖² behind layer {layer + 1}", Relative([.. course.Factors.Select(f => f.Layers[at].Jacobian * f.Layers[at].Jacobian)]), false));
                if (layer > 0) lines.Add(($"‖D‖² of layer {layer + 1}", Relative([.. course.Factors.Select(f => f.Layers[at].Derivative)]), true));
            }

            var figure = Small(null, "step", "relative to the start") with { YScale = AxisScale.Logarithmic, Legend = LegendPlace.UpperRight, YRange = Headroom([.. lines.SelectMany(static line => line.Values)]) };
            foreach (var (label, values, isDerivative) in lines) figure = figure.Line<int, double>(steps, values, label, isDerivative);
            panels = panels.Add(figure);
        }

        return panels;
    }

    /// <summary>Variants against each other: the mean over seeds of what the paper compares, with its spread.</summary>
    public static Drawing Compared(StudyResults results)
    {
        var variants = Variants(results);
        (string Label, Func<SharpnessReading, double> Number, AxisScale Scale)[] quantities =
        [
            ("sharpness", static r => r.Sharpness, AxisScale.Logarithmic),
            ("largest ‖J‖, training images", static r => r.Train.Max, AxisScale.Logarithmic),
            ("largest ‖J‖ of softmax, training images", static r => r.TrainSoftmax.Max, AxisScale.Linear),
            ("training loss without smoothing", static r => r.TrainLoss, AxisScale.Logarithmic),
            ("gap of losses, test - training", static r => r.LossGap, AxisScale.Linear),
        ];
        var panels = new Panels(3);
        foreach (var (label, number, scale) in quantities)
        {
            var figure = Small(null, "step", label) with { YScale = scale };
            foreach (var own in variants)
            {
                var (mean, low, high) = Spread(own, number);
                figure = figure.Band<int, double>([.. own[0].Steps], low, high).Line<int, double>([.. own[0].Steps], mean, own[0].Variant);
            }

            panels = panels.Add(figure);
        }

        var against = Small(null, "largest ‖J‖, training images", "sharpness") with { XScale = AxisScale.Logarithmic, YScale = AxisScale.Logarithmic };
        foreach (var own in variants)
        {
            var (sharpness, _, _) = Spread(own, static r => r.Sharpness);
            var (jacobian, _, _) = Spread(own, static r => r.Train.Max);
            against = against.Line<double, double>(jacobian, sharpness, own[0].Variant);
        }

        return panels.Add(against);
    }

    /// <summary>Sharpness along the flow of time: descent steps where it meets the edge, the flow rises on.</summary>
    public static Drawing Flow(StudyResults results, IReadOnlyList<(double Time, SharpnessReading Reading)> flow)
    {
        var until = flow[^1].Time;
        var figure = new Figure("Sharpness over the time η · step", "time", "sharpness");
        figure = figure.Line<double, double>([.. flow.Select(static at => at.Time)], [.. flow.Select(static at => at.Reading.Sharpness)], "gradient flow");
        foreach (var own in Variants(results))
        {
            var course = own[0];
            var times = course.Steps.Select(step => step * course.Recipe.LearningRate).TakeWhile(time => time <= until * 1.0001).ToArray();
            figure = figure.Line<double, double>(times, course.Of(static r => r.Sharpness)[..times.Length], course.Variant, dashed: true);
        }

        return figure;
    }

    /// <summary>Runs that differ in their seeds only, together.</summary>
    public static Course[][] Variants(StudyResults results) => [.. results.Courses.GroupBy(static course => course.Variant).Select(static own => own.ToArray())];

    private static (double[] Mean, double[] Low, double[] High) Spread(Course[] own, Func<SharpnessReading, double> number)
    {
        double[][] all = [.. own.Select(course => course.Of(number))];
        double[] Each(Func<IEnumerable<double>, double> of) => [.. Enumerable.Range(0, all[0].Length).Select(i => of(all.Select(each => each[i])))];
        return (Each(Enumerable.Average), Each(Enumerable.Min), Each(Enumerable.Max));
    }

    private static double[] Relative(double[] values) => [.. values.Select(value => value / values[0])];

    // On a logarithmic axis, with as much again above for a legend.
    private static (double Low, double High) Headroom(double[] values)
    {
        double[] good = [.. values.Where(static v => v > 0 && double.IsFinite(v)).DefaultIfEmpty(1)];
        var span = Math.Max(good.Max() / good.Min(), 1.05);
        return (good.Min() / Math.Pow(span, 0.1), good.Max() * Math.Pow(span, 1.1));
    }

    private static Figure Small(string? title, string x, string y) => new(title, x, y) { Width = Wide, Height = High };
}
