namespace Noether.Examples.Tests.Common;

/// <summary>Numbers of several seeds.</summary>
public sealed class SpreadTests
{
    [Test]
    public void Mean_and_deviation_are_the_textbook_ones() => Assert.That(Spread.Of([1.0, 2, 3, 6]), Is.EqualTo(new Spread(3, Math.Sqrt(14.0 / 3))));

    [Test]
    public void Words_say_both_and_of_one_number_itself()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Spread.Of([0.25, 0.75], "0.00"), Is.EqualTo("0.50 ± 0.35"));
            Assert.That(Spread.Of([0.25], "0.00"), Is.EqualTo("0.25"));
            Assert.That(Spread.Of([0.25]).ToString("0", scale: 100), Is.EqualTo("25"));
            Assert.That(Spread.Of([0.25, double.NaN], "0.00"), Is.EqualTo("-"));
        }
    }

    [Test]
    public void A_file_holds_what_is_no_number_as_null_and_gives_it_back()
    {
        using var folder = new TemporaryFolder();
        Figures.Write(folder["a.json"], new Dictionary<string, Spread> { [Figures.KeyOf("third stage")] = Spread.Of([2.0]) });
        Assert.That(File.ReadAllText(folder["a.json"]), Does.Contain("third_stage").And.Contain("null"));
        Assert.That(Figures.Read<Dictionary<string, Spread>>(folder["a.json"])["third_stage"], Is.EqualTo(new Spread(2, double.NaN)));
    }
}
