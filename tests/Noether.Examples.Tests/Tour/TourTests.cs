using Noether.Examples.Tour;

namespace Noether.Examples.Tests.Tour;

public sealed class TourTests
{
    [Test]
    public async Task Ten_pieces_are_shown_with_their_code_and_results()
    {
        using var folder = new TemporaryFolder();

        var ended = await Ended.Run("tour", TourApp.Configure, ["--quick", "--json", "--out", folder.FullName]);

        Assert.That(ended.Code, Is.Zero, ended.Error);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ended.Json.GetProperty("pieces").GetInt32(), Is.EqualTo(10));
            Assert.That(ended.Json.GetProperty("loss").GetDouble(), Is.InRange(0, 0.2)); // sin has a mean square of about 0.5
            Assert.That(ended.Error, Does.Contain("10. Save and load"));
            Assert.That(ended.Error, Does.Contain("Grad(Grad(Grad(x => x.Tanh())))(Tensor.From(0.3))"));
            Assert.That(ended.Error, Does.Contain("[10. 11. 12. 13. 14.]").Or.Contain("float64[3, 5]"));
            Assert.That(folder.Names, Is.EqualTo(["sines.npy", "weights.safetensors"]));
        }
    }
}
