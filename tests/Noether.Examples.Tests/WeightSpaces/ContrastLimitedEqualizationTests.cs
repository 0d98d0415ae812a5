using Noether.Examples.WeightSpaces;

namespace Noether.Examples.Tests.WeightSpaces;

/// <summary>Equalisation of images so small that histograms can be counted by hand.</summary>
[TestFixture]
public sealed class ContrastLimitedEqualizationTests
{
    [Test]
    public void Without_a_limit_one_tile_gives_the_share_of_pixels_that_are_not_brighter()
    {
        // 1, 2, 3 and 4 of four pixels: 63.75, 127.5 (to even), 191.25, 255.
        Assert.That(new ContrastLimitedEqualization(1, 1, 0).Apply([10, 20, 30, 40], 2, 2), Is.EqualTo(new byte[] { 64, 128, 191, 255 }));
        Assert.That(new ContrastLimitedEqualization(1, 1, 0).Apply([7, 7, 7, 200], 2, 2), Is.EqualTo(new byte[] { 191, 191, 191, 255 }));
    }

    [Test]
    public void What_a_limit_cuts_off_is_spread_over_all_values_in_equal_steps()
    {
        // At most one pixel a value, so two of three are cut off: one goes to 0, one to 128. Sums: 1 from 0 on, 2 from 7, 3 from 128, 4 from 200.
        Assert.That(new ContrastLimitedEqualization(1, 1, 1).Apply([7, 7, 7, 200], 2, 2), Is.EqualTo(new byte[] { 128, 128, 128, 255 }));
    }

    [Test]
    public void An_even_image_of_a_tile_of_512_pixels_gets_an_even_histogram()
    {
        // The limit is 2: 510 are cut off, 1 for each value and 254 more for the first 254; 3 + 1 at value 100. Sums: 2 a value below it.
        var image = Enumerable.Repeat((byte)100, 512).ToArray();
        Assert.That(new ContrastLimitedEqualization(1, 1, 1).Apply(image, 16, 32)[0], Is.EqualTo((byte)Math.Round((2 * 101 + 2) * 255 / 512.0)));
    }

    [Test]
    public void Pixels_between_tiles_mix_their_maps_by_distance()
    {
        // Two tiles of 2 x 4: all 0 at the left, all 255 at the right, without limit. Map of the left: 255 everywhere; of the right: 0 below 255, then 255.
        byte[] row = [0, 0, 0, 0, 255, 255, 255, 255];
        var y = new ContrastLimitedEqualization(1, 2, 0).Apply([.. row, .. row], 2, 8);

        // Column x lies at x/4 - 1/2 between the centres: 0 and 1 left of the first, 2 on it, 3 a quarter of the way to the right.
        Assert.That(y[..8], Is.EqualTo(new byte[] { 255, 255, 255, 191, 255, 255, 255, 255 }));
    }

    [Test]
    public void An_image_that_the_grid_does_not_divide_is_reflected_without_its_edge()
    {
        // Three columns as two tiles of two: the second is column 2 and, reflected, column 1; two rows as one tile of three: rows 0, 1, 0.
        // Left tile: 10 three times, 20 three times; right: 30 three times and 20 three times.
        byte[] row = [10, 20, 30];
        var y = new ContrastLimitedEqualization(1, 2, 0).Apply([.. row, .. row], 2, 3);

        // Maps: left 10 -> 127.5 (128), 20 -> 255; right 20 -> 128, 30 -> 255. Column 1 lies on the left centre, column 2 half way: left 30 -> 255.
        Assert.That(y[..3], Is.EqualTo(new byte[] { 128, 255, 255 }));
    }

    [Test]
    public void Nothing_smaller_than_two_pixels_is_taken() =>
        Assert.That(() => new ContrastLimitedEqualization(1, 1, 1).Apply([1, 2], 1, 2), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void The_contrast_of_a_dark_image_grows()
    {
        var dark = (RandomKey.From(1, Device.Host).Uniform([2, 1, 28, 28], 0, 0.2) * 2 - 1).Evaluate();
        var changed = ImageEdits.Apply("contrast", dark);
        Assert.That(changed.Shape, Is.EqualTo(dark.Shape));
        Assert.That(changed.Std().Item(), Is.GreaterThan(2 * dark.Std().Item()));
        Assert.That(changed.Abs().Max().Item(), Is.LessThanOrEqualTo(1));
    }
}
