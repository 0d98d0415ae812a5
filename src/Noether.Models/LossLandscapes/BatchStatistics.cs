namespace Noether.Models.LossLandscapes;

/// <summary>What batch normalisation normalises by away from the centre of a surface.</summary>
public enum BatchStatistics
{
    /// <summary>The running statistics of the centre, everywhere: the published surfaces.</summary>
    Frozen,

    /// <summary>
    /// Running statistics move with the directions, as needed between two networks. Beyond an end a variance may turn negative: it is held at 0, and the
    /// point is marked.
    /// </summary>
    Interpolated,

    /// <summary>The evaluation data's own at every point, all data as one batch: exact, at the cost of a training pass.</summary>
    Recomputed,
}
