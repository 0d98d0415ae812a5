using System.Globalization;

using Noether.Models.SharpnessAware;
using Noether.Nn;
using Noether.Plots;

namespace Noether.Examples.SharpnessAware;

/// <summary>A wide network of two layers learns a narrow one, for several seeds and radii at once: seconds, so that nothing is kept in between.</summary>
internal sealed class Mechanism(ExampleRun run)
{
    private const double Share = 0.9999, SameUnit = 0.999, ActiveBeyond = 0.05; // of the published code for two layers
    private const int Measurements = 70, FirstSteps = 8;

    public required string ActivationName { get; init; }

    public required bool Penalty { get; init; }

    public required int Seeds { get; init; }

    public required int Steps { get; init; }

    public required IReadOnlyList<double>? Radii { get; init; }

    public void Run()
    {
        var published = PublishedMechanism.Of(ActivationName, Penalty);
        var radii = Radii ?? published.Radii;
        var experiment = Experiment();
        var sweep = new TeacherStudentSweep(experiment, [.. Enumerable.Range(0, Seeds).Select(i => RandomKey.From(run.Seed).Fold(i))], radii);
        run.Say($"{Seeds} x {radii.Count} students of {experiment.Units} units ({ActivationName}), {Steps:n0} steps, the first {experiment.PerturbedSteps:n0} with {(Penalty ? "the penalty" : "the perturbation")}, on {run.Device}");

        var (students, stride) = (sweep.Init(), Math.Max(1, Steps / Measurements));
        var course = new List<StudentMeasure[]> { Measure(sweep, students, 0) };
        using (var bar = run.Progress("training", Steps))
        {
            for (var step = 0; step < Steps;)
            {
                var count = Math.Min(Math.Min(stride, Math.Max(FirstSteps, step)), Steps - step); // dense in the beginning, where most happens
                students = sweep.Advance(students, step, count);
                step += count;
                course.Add(Measure(sweep, students, step));
                run.Cancellation.ThrowIfCancellationRequested();
                bar.Advance($"rank {string.Join(" ", PerRadius(course[^1], radii.Count, static each => each.Rank).Select(static ranks => Text(MechanismTable.Median(ranks))))}", count);
            }
        }

        Tell(new("mean squared error", ActivationName, Penalty, Steps, Share, [.. course.SelectMany(static each => each)]));
        Draw(course, radii, published);
    }

    private TeacherStudent Experiment()
    {
        var own = new TeacherStudent { Penalty = Penalty, Steps = Steps };
        return ActivationName switch
        {
            "abs" => own with { Activation = new("Abs", static x => x.Abs()), LearningRate = 0.01 },
            "tanh" => own with { Activation = Activation.Tanh, LearningRate = 0.005, InitialDeviation = 1 },
            _ => own,
        };
    }

    private StudentMeasure[] Measure(TeacherStudentSweep sweep, Parameters students, int step)
    {
        var (before, features, trainLoss, testLoss) = sweep.Measure(students);
        Tensor.Evaluate(before, features, trainLoss, testLoss);
        var (trained, tested, means) = (trainLoss.ToArray<float>(), testLoss.ToArray<float>(), before.Mean([1, 2]).ToArray<float>());
        bool[] finite = [.. features.IsFinite().All([1, 2]).ToArray<bool>()];
        var spectra = FeatureSpectrum.OfEach(Tensor.Select(features.IsFinite(), features, 0), Centring.None);
        var last = step == Steps;
        return [.. spectra.Select((spectrum, i) =>
        {
            var own = features.Narrow(0, i, 1).Squeeze(0);
            var alive = !last || !finite[i] ? 0 : ActivationName == "relu" ? new ActivationStatistics(own).Alive : ActivationStatistics.UnitsBeyond(own, ActiveBeyond);
            return new StudentMeasure(step, i / sweep.Radii.Count, sweep.Radii[i % sweep.Radii.Count], finite[i] ? spectrum.Rank(Share) : double.NaN,
                alive, last && finite[i] ? ActivationStatistics.DistinctUnits(own, SameUnit) : 0, trained[i], tested[i], means[i]);
        })];
    }

    private void Tell(MechanismResults results)
    {
        run.Table(MechanismTable.Columns, MechanismTable.Rows(results));
        run.Say(MechanismTable.Caption);
        run.Say(MechanismTable.Claim(results));
        var last = results.Final;
        var dead = last.Count(static each => each.Alive == 0 || !double.IsFinite(each.Rank));
        if (dead > 0) run.Say($"{dead} of {last.Length} students have no unit left that is ever active, or no finite weights");
        run.Record("loss", results.Loss);
        run.Record("rank_share", Share);
        run.Record("activation", ActivationName);
        run.Record("penalty", Penalty);
        run.Record("steps", Steps);
        run.Record("dead", dead);
        run.Record("mechanism", last);
        run.Record("trends", results.Trends);
        Figures.Write(run.Output($"{Name}.json"), results);
    }

    private string Name => $"mechanism{(ActivationName == "relu" ? "" : $"-{ActivationName}")}{(Penalty ? "-penalty" : "")}";

    private void Draw(List<StudentMeasure[]> course, IReadOnlyList<double> radii, PublishedMechanism published)
    {
        const int width = 460, height = 340;
        double[] x = [.. radii], steps = [.. course.Select(static each => (double)each[0].Step)], paperX = [.. published.Radii];
        var what = Penalty ? "weight of the gradient's norm" : "ρ";
        Figure Against(string title, string label, Func<StudentMeasure, double> number, double[]? paper, bool logarithmic = false)
        {
            var values = PerRadius(course[^1], radii.Count, number);
            double[] Of(Func<IEnumerable<double>, double> choose) => [.. values.Select(each => choose(each.Where(double.IsFinite).DefaultIfEmpty(double.NaN)))];
            var figure = new Figure(title, what, label) { Width = width, Height = height, YScale = logarithmic ? AxisScale.Logarithmic : AxisScale.Linear }
                .Band<double, double>(x, Of(Enumerable.Min), Of(Enumerable.Max)).Line<double, double>(x, Of(MechanismTable.Median), "median of seeds");
            return paper is null ? figure : figure.Line<double, double>(paperX[..paper.Length], paper, "paper", dashed: true);
        }

        Figure Through(string title, string label, Func<StudentMeasure, double> number)
        {
            // room for the legend on the right
            var figure = new Figure(title, "step (dashed: the last perturbed one)", label) { Width = width, Height = height, XScale = AxisScale.Logarithmic, XRange = (FirstSteps, 8 * Steps), Legend = LegendPlace.UpperRight }
                .VerticalRule(Steps / 2 + 1);
            for (var r = 0; r < radii.Count; r++)
            {
                double[] values = [.. course.Select(each => MechanismTable.Median(PerRadius(each, radii.Count, number)[r]))];
                figure = figure.Line<double, double>(steps, values, $"{what.Split(' ')[0]} {Text(radii[r])}");
            }

            return figure;
        }

        // A student that died or ran away would hide the others' losses.
        static double Living(StudentMeasure each, double number) => each.Alive > 0 ? number : double.NaN;
        new Panels(3)
            .Add(Against("Rank of the features", $"components of {Share:p2} of the squares", static each => each.Rank, published.Rank))
            .Add(Against("Units that are ever active", "units", static each => each.Alive, published.Alive))
            .Add(Against("Units that differ", "units", static each => each.Distinct, published.Distinct))
            .Add(Through("Rank through training", "components", static each => each.Rank))
            .Add(Through("Pre-activations through training", "mean over units and points", static each => each.Preactivation))
            .Add(Against("Error on unseen points", "mean squared error", static each => Living(each, each.TestLoss), published.TestLoss, logarithmic: true))
            .Save(run.Output($"{Name}.png"));
    }

    private static double[][] PerRadius(StudentMeasure[] all, int radii, Func<StudentMeasure, double> number) =>
        [.. Enumerable.Range(0, radii).Select(r => all.Where((_, i) => i % radii == r).Select(number).ToArray())];

    private static string Text(double number) => number.ToString("0.####", CultureInfo.InvariantCulture);
}
