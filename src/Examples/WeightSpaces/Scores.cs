using Noether.Nn;

namespace Noether.Examples.WeightSpaces;

/// <summary>What outputs for a whole set are worth; the first of a task's scores chooses its best epoch, higher being better.</summary>
internal static class Scores
{
    /// <summary>Of logits and classes.</summary>
    public static Dictionary<string, double> OfClasses(Tensor logits, Tensor labels) =>
        new() { ["accuracy"] = Loss.Accuracy(logits, labels).Item(), ["loss"] = Loss.CrossEntropy(logits, labels).Item() };

    /// <summary>Of images and those that were wanted.</summary>
    public static Dictionary<string, double> OfImages(Tensor images, Tensor targets)
    {
        var error = Loss.MeanSquared(images, targets).Item();
        return new() { ["negative_error"] = -error, ["error"] = error };
    }
}
