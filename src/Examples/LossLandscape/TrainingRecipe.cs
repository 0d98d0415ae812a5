using System.Globalization;

using Noether.Nn;

namespace Noether.Examples.LossLandscape;

/// <summary>How a network is trained.</summary>
internal sealed record TrainingRecipe
{
    /// <summary>sgd (with Nesterov's momentum) or adam.</summary>
    public required string Optimizer { get; init; }

    /// <summary>The first rate, which falls along a cosine; 0: the optimiser's usual one.</summary>
    public double LearningRate { get; init; }

    /// <summary>Of sgd.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>The penalty on weights.</summary>
    public double WeightDecay { get; init; } = 5e-4;

    /// <summary>Images a step.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Passes over the images.</summary>
    public required int Epochs { get; init; }

    private double Rate => LearningRate > 0 ? LearningRate : Optimizer == "adam" ? 1e-3 : 0.05;

    /// <summary>The optimiser over a number of steps.</summary>
    public Optimizer Build(long steps)
    {
        var rate = new CosineSchedule(Rate, checked((int)steps));
        return Optimizer == "adam"
            ? new AdamW { LearningRate = rate, WeightDecay = WeightDecay }
            : new Sgd { LearningRate = rate, Momentum = Momentum, Nesterov = Momentum > 0, WeightDecay = WeightDecay };
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Epochs} epochs in batches of {BatchSize}, {(Optimizer == "adam" ? "Adam" : $"gradient descent with momentum {Momentum}")}, rate {Rate} along a cosine, weight decay {WeightDecay}");
}
