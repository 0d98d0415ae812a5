namespace Noether.Runner;

/// <summary>What the folder holds.</summary>
internal static class Contents
{
    /// <summary>The assemblies with tests, quick ones first.</summary>
    public static readonly string[] Tests = ["Noether.Kernels.Tests", "Noether.Tests", "Noether.Nn.Tests", "Noether.Models.Tests", "Noether.Examples.Tests"];

    /// <summary>Verbs that are programs of their own, and their assemblies.</summary>
    public static readonly IReadOnlyDictionary<string, string> Programs = new Dictionary<string, string>
    {
        ["info"] = "noether-info",
        ["bench"] = "Noether.Bench",
        ["digits"] = "Digits",
        ["loss-landscape"] = "LossLandscape",
        ["sharpening"] = "Sharpening",
        ["sharpness-aware"] = "SharpnessAware",
        ["tour"] = "Tour",
        ["weight-spaces"] = "WeightSpaces",
    };
}
