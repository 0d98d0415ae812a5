using Noether.Nn;

namespace Noether.Models.LossLandscapes;

/// <summary>The two directions that explain most of a path of training.</summary>
/// <param name="First">Of length 1; its sign is arbitrary.</param>
/// <param name="Second">Of length 1, orthogonal to the first.</param>
/// <param name="SingularValues">σ of the centred path, of both.</param>
/// <param name="ExplainedRatio">σ²/Σσ² of both.</param>
/// <param name="ExplainedVariance">σ²/(checkpoints - 1) of both.</param>
public sealed record TrajectoryPlane(
    Parameters First, Parameters Second, IReadOnlyList<double> SingularValues, IReadOnlyList<double> ExplainedRatio, IReadOnlyList<double> ExplainedVariance);
