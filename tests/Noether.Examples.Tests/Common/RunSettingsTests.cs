namespace Noether.Examples.Tests.Common;

/// <summary>What tells one run's files from another's.</summary>
public sealed class RunSettingsTests
{
    private static readonly RunSettings Own = new(("network", "tanh"), ("images", 500), ("rates", new[] { 0.1, 0.25 }));

    [Test]
    public void Settings_are_one_line() => Assert.That(Own.ToString(), Is.EqualTo("network = tanh; images = 500; rates = 0.1 0.25"));

    [Test]
    public void The_same_settings_are_gone_on_with() => Assert.That(() => Own.Check("file", new RunSettings(("network", "tanh"), ("images", 500), ("rates", "0.1 0.25")).ToString()), Throws.Nothing);

    [TestCase("network = relu; images = 500; rates = 0.1 0.25", "network = relu, not tanh")]
    [TestCase("network = tanh; rates = 0.1 0.25", "images = nothing, not 500")]
    [TestCase("network = tanh; images = 500; rates = 0.1 0.25; seed = 3", "seed = 3, not nothing")]
    [TestCase("network = tanh; images = 501; rates = 0.1", "images = 501, not 500; rates = 0.1, not 0.1 0.25")]
    [TestCase("images = 500; network = tanh; rates = 0.1 0.25; a = 1; b = 2; c = 3; d = 4", "a = 1, not nothing; b = 2, not nothing; c = 3, not nothing; and 1 more")]
    [TestCase("something else", "it does not say of which")]
    [TestCase("", "it does not say of which")]
    [TestCase(null, "it does not say of which")]
    public void What_differs_is_named(string? kept, string difference) => Assert.That(
        () => Own.Check("out/file", kept),
        Throws.TypeOf<FileFormatException>().With.Message.EqualTo($"out/file: is of other settings ({difference}); choose another --out, or leave out --resume"));

    [Test]
    public void A_fingerprint_is_told_by_its_first_digits() =>
        Assert.That(new RunSettings(("data", new string('A', 64))).Refusal("file", $"data = {new string('B', 64)}"), Does.Contain("data = BBBBBBBB…, not AAAAAAAA…)"));

    [Test]
    public void What_parts_the_line_does_not_break_it()
    {
        var settings = new RunSettings(("folder", "a; b = c"), ("images", 1));
        Assert.That(settings.Refusal("file", settings.ToString().Replace("images = 1", "images = 2")), Does.Contain("(images = 2, not 1)"));
    }
}
