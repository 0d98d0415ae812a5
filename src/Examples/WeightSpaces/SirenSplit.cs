using Noether.Models.WeightSpaces;

namespace Noether.Examples.WeightSpaces;

/// <summary>Sinusoidal networks in three parts: four fifths, a tenth and a tenth of the images, with all networks of an image on one side.</summary>
internal static class SirenSplit
{
    /// <summary>The parts to train with, to choose by and to test with.</summary>
    public static (NetworkPopulation Train, NetworkPopulation Validation, NetworkPopulation Test) Of(ExampleRun run, NetworkPopulation sirens)
    {
        var images = sirens.Columns["image_index"].ToArray<int>();
        var order = RandomKey.From(run.Seed, Device.Host).Permutation(images.Max() + 1).ToArray<int>();
        int[] Where(Func<int, bool> isMember) => [.. Enumerable.Range(0, images.Length).Where(i => isMember(order[images[i]]))];
        var tenth = Math.Max(1, order.Length / 10);
        return (sirens.Take(Where(place => place >= 2 * tenth)), sirens.Take(Where(place => place >= tenth && place < 2 * tenth)), sirens.Take(Where(place => place < tenth)));
    }
}
