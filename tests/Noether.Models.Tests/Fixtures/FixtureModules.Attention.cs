using Noether.Models.WeightSpaces;

namespace Noether.Models.Tests.Fixtures;

/// <content>Attention, transformers, INR2ARRAY and implicit neural representations.</content>
internal static partial class FixtureModules
{
    private const double SingleSpacing = 1.0 / (1 << 24); // between float32 numbers below 1: the table's coordinates were rounded to it

    private static Dictionary<string, Func<FixtureFile, FixtureModule>> Attention => new()
    {
        ["siren"] = static file => FixtureModule.Of(file, Renderer(file, file["in.W0"].Shape[1])),
    };

    private static Dictionary<string, Action<FixtureFile>> Coordinates => new()
    {
        ["siren_patch_index"] = CheckPatches,
    };

    private static SirenRenderer Renderer(FixtureFile file, int networks) => new(file.Integer("side"), file.Integer("side"))
    {
        Options = new() { Omega = file.Number("omega0"), FirstOmega = file.Number("omega0") },
        PatchesPerSide = (int)Math.Round(Math.Sqrt(networks)),
    };

    private static void CheckPatches(FixtureFile file)
    {
        foreach (var (side, coordinates) in file.Under("coords"))
        {
            var pixels = int.Parse(side);
            var grid = Siren.Grid(pixels, pixels, DType.Float64, file.Device).ToArray<double>();
            Assert.That(grid, Is.EqualTo(coordinates.ToArray<double>()).Within(SingleSpacing), $"coordinates of {side} x {side} pixels");
            foreach (var (patches, indices) in file.Under($"index.{side}"))
            {
                var along = SirenRenderer.PatchOf(pixels, int.Parse(patches));
                var expected = along.SelectMany(row => along.SelectMany(column => (long[])[row, column]));
                Assert.That(indices.To(DType.Int64).ToArray<long>(), Is.EqualTo(expected), $"networks of {side} x {side} pixels, {patches} a side");
            }
        }
    }
}
