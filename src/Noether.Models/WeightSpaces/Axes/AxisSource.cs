namespace Noether.Models.WeightSpaces;

/// <summary>What a pattern gathers of one tensor: its diagonal where axes share a block, averaged over blocks that are not kept.</summary>
/// <param name="tensor">Its number.</param>
/// <param name="blocks">For each axis that permutes, its block.</param>
/// <param name="kept">The blocks that stay, in the order of the result's axes.</param>
internal sealed class AxisSource(int tensor, int[] blocks, int[] kept)
{
    /// <summary>The tensor's number.</summary>
    public int Tensor => tensor;

    /// <summary>For each axis that permutes, its block.</summary>
    public int[] Blocks => blocks;

    /// <summary>How many blocks stay.</summary>
    public int Kept => kept.Length;

    /// <summary>The same for the same result, whatever the numbers of the blocks.</summary>
    public string Key { get; } =
        $"{tensor}:{string.Join(',', blocks.Select(block => FirstAxis(blocks, block)))}:{string.Join(',', kept.Select(block => FirstAxis(blocks, block)))}";

    /// <summary>[batch, channels, axes…] to [batch, channels, kept blocks…].</summary>
    public Tensor Gather(Tensor x)
    {
        var axes = blocks.ToList();
        for (var first = 0; first < axes.Count; first++)
        {
            int second;
            while ((second = axes.IndexOf(axes[first], first + 1)) > 0)
            {
                // The diagonal becomes the last axis: back to where its first axis was.
                x = x.Diagonal(0, first + 2, second + 2).MoveAxis(-1, first + 2);
                axes.RemoveAt(second);
            }
        }

        var averaged = Enumerable.Range(0, axes.Count).Where(at => !kept.Contains(axes[at])).Select(static at => at + 2).ToArray();
        if (averaged.Length > 0) x = x.Mean(averaged);
        axes.RemoveAll(block => !kept.Contains(block));
        return axes.SequenceEqual(kept) ? x : x.Permute([0, 1, .. kept.Select(block => axes.IndexOf(block) + 2)]);
    }

    private static int FirstAxis(int[] blocks, int block) => Array.IndexOf(blocks, block);
}
