using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>Networks of a zoo that were trained together: those of the last step and of the check-points before it.</summary>
/// <param name="Networks">Their parameters, the networks along axis 0.</param>
/// <param name="Hyperparameters">Of each.</param>
/// <param name="Number">Which network each is; one that was kept several times has several entries.</param>
/// <param name="Step">After which step each was kept.</param>
/// <param name="TestAccuracy">The part of the test images that each has right.</param>
/// <param name="TestLoss">The mean cross-entropy over the test images.</param>
/// <param name="TrainAccuracy">The part of the first training images that each has right, as many as there are test images.</param>
/// <param name="Diverged">How many entries were dropped because their weights or losses were not finite.</param>
public sealed record ZooChunk(
    Parameters Networks, IReadOnlyList<ZooHyperparameters> Hyperparameters, int[] Number, int[] Step, float[] TestAccuracy, float[] TestLoss, float[] TrainAccuracy, int Diverged);
