using Noether.Nn;

namespace Noether.Examples.Digits;

/// <summary>Reads digits from image files with the weights that training wrote.</summary>
internal sealed class Prediction(ExampleRun run)
{
    public void Run(IReadOnlyList<string> files)
    {
        var path = Path.Combine(run.Out, Training.WeightsFile);
        if (!File.Exists(path)) throw new FileNotFoundException($"{path}: no such file; train first, or let --out name the folder of the weights");
        var network = DigitsNetwork.Create();
        var weights = Checkpoint.LoadParameters(path, network.Init(RandomKey.From(0)));

        var images = files.Select(DigitImage.Load).ToArray();
        var input = Tensor.From<float>([.. images.SelectMany(image => image)], [images.Length, 1, DigitsData.Side, DigitsData.Side]);
        var all = network.Apply(weights, input).Softmax(1).ToArray<float>().Chunk(DigitsData.Classes).ToArray();
        var read = all.Select(probabilities => Array.IndexOf(probabilities, probabilities.Max())).ToArray();

        run.Table(
            ["file", "digit", .. Enumerable.Range(0, DigitsData.Classes).Select(digit => $"P({digit})")],
            files.Select((file, i) => (string[])[file, $"{read[i]}", .. all[i].Select(p => $"{p:0.000}")]));
        run.Record("predictions", files.Select((file, i) => new { file, digit = read[i], probabilities = all[i] }).ToArray());
    }
}
