namespace Noether.Examples.Sharpening;

/// <summary>What a verb that follows descent writes.</summary>
/// <param name="Verb">The verb.</param>
/// <param name="Network">By name.</param>
/// <param name="Loss">The convention (a mean over samples).</param>
/// <param name="Data">The set.</param>
/// <param name="TrainImages">All of them at every step.</param>
/// <param name="TestImages">To measure with.</param>
/// <param name="Courses">The runs.</param>
internal sealed record StudyResults(string Verb, string Network, string Loss, string Data, int TrainImages, int TestImages, IReadOnlyList<Course> Courses)
{
    /// <summary>How figures and files are called.</summary>
    public string Stem => NameOf(Verb, Network, Loss);

    /// <summary>A name for files, of all that may differ within one folder.</summary>
    public static string NameOf(string verb, string network, string loss) =>
        $"{verb}-{network}-{(loss.StartsWith("CrossEntropy", StringComparison.Ordinal) ? "cross-entropy" : "half-squared")}";
}
