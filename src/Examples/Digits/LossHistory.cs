using System.Globalization;

using Noether.Plots;

namespace Noether.Examples.Digits;

/// <summary>The course of training, kept beside the checkpoint so that a resumed run draws the whole of it.</summary>
internal sealed class LossHistory
{
    // Losses of single batches jump; their mean over so many steps shows where they go.
    private const int Window = 25;

    private readonly List<double> train = [];
    private readonly List<(int Step, double Loss)> test = [];

    /// <summary>Reads what was written up to a step; empty if there is nothing to read.</summary>
    public static LossHistory Read(string path, long step)
    {
        var history = new LossHistory();
        if (!File.Exists(path)) return history;
        foreach (var line in File.ReadLines(path).Skip(1))
        {
            var cells = line.Split(',');
            if (cells.Length != 3 || !int.TryParse(cells[0], CultureInfo.InvariantCulture, out var at) || at > step) continue;
            if (double.TryParse(cells[1], CultureInfo.InvariantCulture, out var loss)) history.train.Add(loss);
            if (double.TryParse(cells[2], CultureInfo.InvariantCulture, out loss)) history.test.Add((at, loss));
        }

        return history;
    }

    /// <summary>The loss of the next step's batch.</summary>
    public void Add(double loss) => train.Add(loss);

    /// <summary>The loss over the test images after the last step.</summary>
    public void AddTest(double loss) => test.Add((train.Count, loss));

    /// <summary>The training loss over the last steps.</summary>
    public double Recent => train.TakeLast(Window).DefaultIfEmpty(double.NaN).Average();

    /// <summary>One line a step: step, loss of its batch, loss over the test images where it was measured.</summary>
    public void Write(string path)
    {
        var measured = test.ToDictionary(entry => entry.Step, entry => entry.Loss);
        File.WriteAllLines(path, train.Select((loss, i) => string.Create(
            CultureInfo.InvariantCulture, $"{i + 1},{loss:r},{(measured.TryGetValue(i + 1, out var value) ? value.ToString("r", CultureInfo.InvariantCulture) : "")}"))
            .Prepend("step,loss,test_loss"));
    }

    /// <summary>Both losses over the steps.</summary>
    public Figure Draw()
    {
        var smooth = new double[train.Count];
        var sum = 0.0;
        for (var i = 0; i < smooth.Length; i++)
        {
            sum += train[i] - (i >= Window ? train[i - Window] : 0);
            smooth[i] = sum / Math.Min(i + 1, Window);
        }

        var figure = new Figure("Digits: loss during training", "step", "cross-entropy (nats)") { YScale = AxisScale.Logarithmic }
            .Line(smooth, $"training, mean of {Window} steps");
        return test.Count == 0 ? figure : figure.Line(
            [.. test.Select(entry => entry.Step)], [.. test.Select(entry => entry.Loss)], "test, after each epoch", dashed: true);
    }
}
