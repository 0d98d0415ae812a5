namespace Noether.Models.LossLandscapes;

/// <summary>What a direction is on tensors of one axis or none: biases, scales and shifts of norms, running statistics.</summary>
public enum OneDimensional
{
    /// <summary>Zero: they stay. The published figures.</summary>
    Zero,

    /// <summary>A copy of the weights, so that a step α scales them by 1 + α: what the published code does unless told to ignore them.</summary>
    CopyWeights,

    /// <summary>The direction with the weights' norm.</summary>
    RandomScaled,
}
