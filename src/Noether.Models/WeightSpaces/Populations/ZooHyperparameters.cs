using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>How one network of a zoo is trained; drawn at random, and kept beside its weights.</summary>
/// <remarks>
/// The ranges are those of the Small CNN Zoo but for fewer epochs. Source: Unterthiner et al., Predicting neural network accuracy from weights (2020),
/// section 3 and appendix A.
/// </remarks>
/// <param name="Optimizer">Which rule makes the steps.</param>
/// <param name="Activation">Between the layers.</param>
/// <param name="Start">How the weights are drawn; biases begin at zero.</param>
/// <param name="InitialDeviation">Of weights that are normal or truncated normal; the others say it themselves.</param>
/// <param name="LearningRate">Constant.</param>
/// <param name="Penalty">λ of λ/2·Σw² in the loss.</param>
/// <param name="Dropout">The probability that a hidden activation is dropped while training.</param>
/// <param name="Fraction">The part of the training images that it sees.</param>
public sealed record ZooHyperparameters(
    ZooOptimizer Optimizer, ZooActivation Activation, ZooStart Start, double InitialDeviation, double LearningRate, double Penalty, double Dropout, double Fraction)
{
    private static readonly double[] Fractions = [0.1, 0.25, 0.5, 1];

    /// <summary>Hyper-parameters of a key, for networks that share an optimiser and an activation, and so a compiled step.</summary>
    public static ZooHyperparameters Draw(RandomKey key, ZooOptimizer optimizer, ZooActivation activation)
    {
        ArgumentNullException.ThrowIfNull(key);
        var u = key.Uniform([6], type: DType.Float64).ToArray<double>();
        return new(
            optimizer, activation,
            (ZooStart)(int)(u[0] * Enum.GetValues<ZooStart>().Length),
            InitialDeviation: Within(u[1], 1e-3, 0.5),
            LearningRate: Within(u[2], 5e-4, 5e-2),
            Penalty: Within(u[3], 1e-8, 1e-2),
            Dropout: 0.7 * u[4],
            Fraction: Fractions[(int)(u[5] * Fractions.Length)]);

        // Uniform in the logarithm.
        static double Within(double u, double low, double high) => low * Math.Pow(high / low, u);
    }

    /// <summary>How the weights are drawn.</summary>
    public Initializer Initializer => Start switch
    {
        ZooStart.Xavier => Initializer.XavierNormal(),
        ZooStart.He => Initializer.HeNormal(),
        ZooStart.Orthogonal => Initializer.Orthogonal(),
        ZooStart.Normal => Initializer.Normal(0, InitialDeviation),
        _ => Initializer.TruncatedNormal(0, InitialDeviation),
    };
}
