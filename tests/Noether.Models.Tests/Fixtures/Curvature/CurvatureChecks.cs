namespace Noether.Models.Tests.Fixtures.Curvature;

/// <summary>What a file's name means: the longest beginning that is known here.</summary>
internal static partial class CurvatureChecks
{
    private static readonly Dictionary<string, Action<CurvatureFixture>> Kinds = new([.. Operators, .. Spectra, .. Landscapes, .. Sharpness]);

    public static Action<CurvatureFixture> Of(CurvatureFixture fixture)
    {
        var name = Kinds.Keys.Where(kind => fixture.Name == kind || fixture.Name.StartsWith(kind + "_", StringComparison.Ordinal)).MaxBy(static kind => kind.Length)
            ?? throw new NotSupportedException($"{fixture.Name}: no such subject; known are {string.Join(", ", Kinds.Keys.Order())}");
        return Kinds[name];
    }
}
