using System.Diagnostics;
using System.Globalization;

using Noether.Models.WeightSpaces;
using Noether.Nn;
using Noether.Plots;

namespace Noether.Examples.WeightSpaces;

/// <summary>Fits a sinusoidal network to each of many images.</summary>
internal sealed class MakeSirens(ExampleRun run)
{
    /// <summary>Networks a file: what an interruption loses at most.</summary>
    private const int ChunkSize = 512;

    private const int Shown = 16;

    /// <summary>The networks' sizes.</summary>
    public static readonly WeightSpec Spec = new(2, 32, 32, 1);

    public required int Count { get; init; }

    /// <summary>Networks of each image, each from another start.</summary>
    public required int Views { get; init; }

    public required int Steps { get; init; }

    public required double LearningRate { get; init; }

    public required double StopAt { get; init; }

    /// <summary>Where the networks lie.</summary>
    public static PopulationFolder Folder(ExampleRun run) => new(Path.Combine(run.Out, "sirens"), "sirens");

    /// <summary>Fits what is missing.</summary>
    public void Run()
    {
        var data = ImageData.Load(run.Data);
        var images = Math.Min(Count, data.Examples.Count);
        var total = images * Views;
        var chunks = (total + ChunkSize - 1) / ChunkSize;
        var folder = Folder(run);
        var network = new Siren(Spec);
        var fitter = new SirenFitter(network, Siren.Grid(ImageData.Side, ImageData.Side), new() { Steps = Steps, LearningRate = LearningRate, StopAt = StopAt, Slots = 16 });
        var notes = network.Options.ToNotes().Concat(
        [
            new("images", data.Name), new("seed", $"{run.Seed}"), new("views", $"{Views}"), new("start", "independent"),
            new("steps", $"{Steps}"), new("learning_rate", LearningRate.ToString("r", CultureInfo.InvariantCulture)), new("stop_at", StopAt.ToString("r", CultureInfo.InvariantCulture)),
        ]).ToDictionary();
        run.Say($"fitting {total:N0} networks {Spec} to {images:N0} images of {data.Name} in {folder.Folder}, on {run.Device}");

        var clock = Stopwatch.StartNew();
        var made = 0;
        using (var bar = run.Progress("fitting", total))
        {
            run.CanResumeFrom(folder.Folder);
            for (var chunk = 0; chunk < chunks; chunk++)
            {
                var first = chunk * ChunkSize;
                var count = Math.Min(ChunkSize, total - first);
                if (folder.Has(chunk, notes))
                {
                    bar.Skip(count);
                    continue;
                }

                // Network v·images + i is view v of image i.
                int[] chosen = [.. Enumerable.Range(first, count).Select(i => i % images)];
                var batch = data.Examples.Take(chosen).All();
                var targets = batch.Input.Reshape(count, ImageData.Side * ImageData.Side, 1) * 2 - 1;
                Tensor.Evaluate(targets);
                var before = 0;
                var fit = fitter.Fit(targets, RandomKey.From(run.Seed), first, done =>
                {
                    bar.Advance($"{(made + done) / clock.Elapsed.TotalSeconds:0.0} networks/s", done - before);
                    before = done;
                }, run.Cancellation);
                made += count;
                folder.Write(chunk, new(WeightFeatures.From(Spec, fit.Networks), Parameters.Of(
                    ("label", batch.Target), ("image_index", Tensor.From(chosen)), ("psnr", Tensor.From(fit.PeakSignalToNoise)), ("steps", Tensor.From(fit.Steps))), notes));
            }
        }

        if (made > 0) run.Record("networks_per_second", Math.Round(made / clock.Elapsed.TotalSeconds, 2));
        Show(folder, data);
    }

    private void Show(PopulationFolder folder, ImageData data)
    {
        var (all, _) = folder.ReadAll();
        float[] ratios = [.. all.Columns["psnr"].ToArray<float>().Order()];
        float Quantile(double q) => ratios[(int)Math.Min(ratios.Length - 1, q * ratios.Length)];
        run.Record("networks", all.Count);
        run.Record("psnr_median", Math.Round(Quantile(0.5), 2));
        run.Record("psnr_tenth", Math.Round(Quantile(0.1), 2));
        run.Say($"{all.Count:N0} networks; peak signal-to-noise ratio {Quantile(0.1):0.0} dB (a tenth below), {Quantile(0.5):0.0} dB (half), {Quantile(0.9):0.0} dB (nine tenths)");

        var few = all.Take([.. Enumerable.Range(0, Math.Min(Shown, all.Count))]);
        var rendered = new SirenRenderer(ImageData.Side, ImageData.Side).Render(few.Networks).ToArray<float>();
        var indices = few.Columns["image_index"].ToArray<int>();
        var grid = new ImageGrid("Images, and the networks fitted to them");
        const int pixels = ImageData.Side * ImageData.Side;
        for (var i = 0; i < few.Count; i++)
        {
            grid = grid.Add(Raster.Gray(data.Examples.Take([indices[i]]).All(Device.Host).Input.ToArray<float>(), ImageData.Side, ImageData.Side), "image")
                .Add(Raster.Gray(rendered.AsSpan(i * pixels, pixels), ImageData.Side, ImageData.Side, -1, 1), $"{few.Columns["psnr"].ToArray<float>()[i]:0.0} dB");
        }

        grid.Save(run.Output("sirens.png"));
    }
}
