using Noether.Models.Tests.Fixtures.Curvature;

namespace Noether.Models.Tests.Fixtures;

/// <summary>Curvature, loss landscapes and sharpness-aware minimisation against numbers of the authors' codes and of independent formulas.</summary>
/// <remarks>Files are those beside the tests and those in <c>curvature</c> of the folder that <c>NOETHER_FIXTURES</c> names.</remarks>
[TestFixture]
[Category("Fixtures")]
[Parallelizable(ParallelScope.Children)]
public sealed class CurvatureFixtureTests
{
    private static IEnumerable<TestCaseData> Files => FixtureFiles.Cases("curvature");

    [TestCaseSource(nameof(Files))]
    public void Equals_the_reference(string path, string device)
    {
        var fixture = new CurvatureFixture(path, FixtureFiles.Open(device));
        using (Assert.EnterMultipleScope()) CurvatureChecks.Of(fixture)(fixture);
    }
}
