namespace Noether.Models.WeightSpaces;

/// <summary>What a pattern gathers of one tensor: its diagonal where axes share a block, averaged over blocks that are not kept.</summary>
/// <param name="Tensor">Its number.</param>
/// <param name="Blocks">For each axis that permutes, its block.</param>
/// <param name="Kept">The blocks that stay, in the order of the result's axes.</param>
internal sealed record AxisSource(int Tensor, int[] Blocks, int[] Kept)
{
    /// <summary>The same for the same result, whatever the numbers of the blocks.</summary>
    public string Key
    {
        get
        {
            int[] order = [.. Blocks.Distinct()];
            return $"{Tensor}:{string.Join(',', Blocks.Select(block => Array.IndexOf(order, block)))}:{string.Join(',', Kept.Select(block => Array.IndexOf(order, block)))}";
        }
    }

    /// <summary>[batch, channels, axes…] to [batch, channels, kept blocks…].</summary>
    public Tensor Gather(Tensor x)
    {
        var blocks = Blocks.ToList();
        for (var first = 0; first < blocks.Count; first++)
        {
            int second;
            while ((second = blocks.IndexOf(blocks[first], first + 1)) > 0)
            {
                // The diagonal becomes the last axis: back to where its first axis was.
                x = x.Diagonal(0, first + 2, second + 2).MoveAxis(-1, first + 2);
                blocks.RemoveAt(second);
            }
        }

        var averaged = Enumerable.Range(0, blocks.Count).Where(at => !Kept.Contains(blocks[at])).Select(static at => at + 2).ToArray();
        if (averaged.Length > 0) x = x.Mean(averaged);
        blocks.RemoveAll(block => !Kept.Contains(block));
        return blocks.SequenceEqual(Kept) ? x : x.Permute([0, 1, .. Kept.Select(block => blocks.IndexOf(block) + 2)]);
    }
}
