using System.Globalization;
using System.Text.Json;

using Noether.Models.Sharpening;
using Noether.Nn;

namespace Noether.Examples.Sharpening;

/// <summary>Full-batch descent of all variants and seeds at once, measured every so many steps and kept in a file as often.</summary>
internal sealed class Descent(ExampleRun run, string verb, DescentSettings settings)
{
    private const string SettingsNote = "settings";

    private readonly Sequential network = Networks.ByName[settings.Network]();

    /// <summary>How many first images the factors of sharpness are computed of; 0: they are not.</summary>
    public int FactorImages { get; init; }

    /// <summary>Runs every variant from every seed.</summary>
    /// <param name="data">The images.</param>
    /// <param name="variants">What they are called, and their numbers.</param>
    public StudyResults Run(Images data, IReadOnlyList<(string Name, DescentRecipe Recipe)> variants)
    {
        var courses = (from variant in variants from seed in Enumerable.Range(0, settings.Seeds) select new Course(variant.Name, run.Seed + seed, variant.Recipe)).ToList();
        var runs = new DescentRuns(network.Apply, settings.Loss, data.Train, [.. courses.Select(static course => course.Recipe)]);
        var state = runs.Begin([.. courses.Select(course => network.Init(RandomKey.From(course.Seed)))]);
        var path = run.Output($"{StudyResults.NameOf(verb, settings.Network, settings.Loss.Name)}.safetensors");
        var kept = Settings(data, variants);
        if (run.Resume && File.Exists(path)) (state, courses) = Load(path, kept, state);

        var probes = courses.ConvertAll(course => new SharpnessProbe(network.Apply, settings.Loss, data.Train, data.Test, course.Recipe.LabelSmoothing));
        run.Say($"{courses.Count} networks ({settings.Network}) on {data.Train.Size:N0} images of {data.Name} at once, {settings.Loss.Name}, on {run.Device}");
        using var bar = run.Progress(verb, settings.Steps + 1);
        bar.Skip(Math.Min(state.Step, settings.Steps));
        var pending = new List<Tensor>();
        while (true)
        {
            // A file was written right after its measurement, which is not taken again.
            if (state.Step % settings.Every == 0 && state.Step <= settings.Steps && (courses[0].Steps.Count == 0 || courses[0].Steps[^1] < state.Step))
            {
                Collect(courses, pending);
                for (var i = 0; i < courses.Count; i++)
                {
                    run.Cancellation.ThrowIfCancellationRequested();
                    var weights = state.Network(i);
                    courses[i].Readings.Add(probes[i].Measure(weights));
                    if (FactorImages > 0 && courses[i].Seed == run.Seed && double.IsFinite(courses[i].Readings[^1].Loss)) courses[i].Factors.Add(Factors(data, weights, courses[i].Recipe));
                }

                foreach (var course in courses) course.Steps.Add(state.Step);
                Save(path, kept, state, courses);
                run.CanResumeFrom(path);
                bar.Advance($"sharpness {string.Join(" ", courses.GroupBy(static c => c.Variant).Select(static own => own.Average(static c => c.Readings[^1].Sharpness).ToString("0.0", CultureInfo.InvariantCulture)))}", 0);
            }

            if (state.Step >= settings.Steps) break;
            run.Cancellation.ThrowIfCancellationRequested();
            (state, var losses) = runs.Step(state);
            Tensor.Evaluate(losses);
            pending.Add(losses);
            bar.Advance();
        }

        bar.Advance();
        var results = new StudyResults(verb, settings.Network, settings.Loss.Name, data.Name, data.Train.Size, data.Test.Size, courses);
        Figures.Write(run.Output($"{results.Stem}.json"), results);
        return results;
    }

    private SharpnessFactors Factors(Images data, Parameters weights, DescentRecipe recipe)
    {
        var (x, labels) = (data.Train.Input, data.Train.Target);
        var count = Math.Min(FactorImages, data.Train.Size);
        var target = LabelSmoothing.Targets(labels.Narrow(0, 0, count), Images.Classes, Tensor.From(recipe.LabelSmoothing, DType.Float64, x.Device), x.DType);
        return SharpnessFactors.Of(network, settings.Loss, new(x.Narrow(0, 0, count), target), weights);
    }

    private static void Collect(List<Course> courses, List<Tensor> pending)
    {
        foreach (var losses in pending)
        {
            foreach (var (i, value) in losses.ToArray<double>().Index()) courses[i].Losses.Add(value);
        }

        pending.Clear();
    }

    // Of everything but the number of steps: a study may be gone on with for longer.
    private RunSettings Settings(Images data, IReadOnlyList<(string Name, DescentRecipe Recipe)> variants) => new(
    [
        ("network", settings.Network), ("loss", settings.Loss.Name), ("data", data.Name), ("images", data.Train.Size), ("test_images", data.Test.Size),
        ("fingerprint", Fingerprint.Of(data.Train.Leaves.Concat(data.Test.Leaves))), ("every", settings.Every), ("factor_images", FactorImages), ("seed", run.Seed), ("seeds", settings.Seeds), ("variants", string.Join(", ", variants.Select(static each => each.Name))),
        .. variants.Select(static (each, i) => ($"variant_{i + 1}", (object)each.Recipe)),
    ]);

    private static void Save(string path, RunSettings settings, DescentState state, List<Course> courses) => Checkpoint.SaveParameters(path, state.ToParameters(), new Dictionary<string, string>
    {
        [SettingsNote] = settings.ToString(),
        ["step"] = state.Step.ToString(CultureInfo.InvariantCulture),
        ["courses"] = JsonSerializer.Serialize(courses, Figures.Format),
    });

    private static (DescentState State, List<Course> Courses) Load(string path, RunSettings settings, DescentState fresh)
    {
        var notes = Checkpoint.Notes(path);
        settings.Check(path, notes.GetValueOrDefault(SettingsNote));
        var tree = Checkpoint.LoadParameters(path, fresh.ToParameters());
        return (DescentState.From(tree, int.Parse(notes["step"], CultureInfo.InvariantCulture)), JsonSerializer.Deserialize<List<Course>>(notes["courses"], Figures.Format)!);
    }
}
