using Noether.Bench.Comparing;

namespace Noether.Peers.Tests;

/// <summary>What the sides of the GPU benchmarks write is read again, joined and compared.</summary>
public class PeerRunsTests
{
    // As bench/peers/peers.py writes it.
    private const string Torch = """
        {"runs": [{"library": "torch", "version": "2.11.0", "device": "NVIDIA H200", "settings": "TF32 off",
        "cases": [{"name": "softmax", "milliseconds": [3.0, 1.0, 2.0]}, {"name": "fft", "milliseconds": [], "error": "RuntimeError: no"}]}]}
        """;

    private static PeerRuns Ours(params double[] milliseconds) =>
        new([new(PeerRuns.Ours, "0.1.0", "NVIDIA H200", "compiled", [new("softmax", milliseconds), new("fft", [], "no kernel")])]);

    [Test]
    public void What_was_written_is_read_again()
    {
        var text = Ours(0.5, 1).Json();
        var again = PeerRuns.Parse(text);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(again.Json(), Is.EqualTo(text));
            Assert.That(again.Runs[0].Cases[0].Milliseconds, Is.EqualTo(new[] { 0.5, 1 }));
            Assert.That(again.Runs[0].Cases[1].Error, Is.EqualTo("no kernel"));
        }
    }

    [Test]
    public void The_ratio_is_of_medians_over_all_rounds_to_the_fastest_peer()
    {
        var slower = new PeerRuns.Run("jax", "1", "NVIDIA H200", "", [new("softmax", [5])]);
        PeerRuns all = new([.. Ours(1, 9).Runs, .. PeerRuns.Parse(Torch).Runs, .. Ours(4).Runs, slower]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(all.Milliseconds(PeerRuns.Ours, "softmax"), Is.EqualTo(4));
            Assert.That(all.Ratio("softmax"), Is.EqualTo(0.5));
            Assert.That(all.Ratio("fft"), Is.Null);
            Assert.That(all.Peers, Is.EqualTo(new[] { "torch", "jax" }));
        }
    }

    [Test]
    public void The_table_shows_ratio_target_and_errors()
    {
        PeerRuns all = new([.. Ours(4).Runs, .. PeerRuns.Parse(Torch).Runs]);
        var lines = all.Table(static name => name == "softmax" ? 1.2 : null).Split(Environment.NewLine);
        Assert.That(lines, Is.SupersetOf(new[]
        {
            "torch 2.11.0 on NVIDIA H200: TF32 off",
            "| softmax | 4.0000 | 2.0000 | 0.50 | 1.2, missed |",
            "| fft | - | - | - | - |",
            "torch: fft: RuntimeError: no",
            "noether: fft: no kernel",
        }));
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("""{"runs": null}""")]
    [TestCase("""{"runs": [null]}""")]
    [TestCase("""{"runs": [{"library": "torch"}]}""")]
    [TestCase("""{"runs": [{"library": "torch", "version": "1", "device": "", "settings": "", "cases": [null]}]}""")]
    [TestCase("""{"runs": [{"library": "torch", "version": "1", "device": "", "settings": "", "cases": [{"name": "fft", "milliseconds": ["fast"]}]}]}""")]
    public void Anything_else_is_refused(string text) => Assert.That(() => PeerRuns.Parse(text), Throws.InstanceOf<InvalidDataException>());

    [Test]
    public void The_file_that_is_wrong_is_named()
    {
        FileInfo file = new(Path.GetTempFileName());
        try
        {
            Assert.That(() => PeerRuns.Read([file]), Throws.InstanceOf<InvalidDataException>().With.Message.Contain(file.Name));
        }
        finally
        {
            file.Delete();
        }
    }
}
