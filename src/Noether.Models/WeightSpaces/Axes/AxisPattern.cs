namespace Noether.Models.WeightSpaces;

/// <summary>
/// One way in which entries of a tensor depend on others: which of its axes are matched with axes of the same name in other tensors, and which
/// get the same value everywhere.
/// </summary>
/// <remarks>
/// Indices of a pair of tensors fall into blocks of equal indices: a partition of the axes of both, in which blocks have axes of one name only. Each
/// partition is an equivariant map, and together they are all of them: entries of its matrix are equal where the pattern of equal indices is (orbits of the
/// permutations on pairs of entries), and sums over "equal or not" span the same. A block in both tensors is matched, one in the source alone is averaged,
/// one in the target alone repeated. Source: Zhou et al., Universal neural functionals (2024).
/// </remarks>
/// <param name="Blocks">For each axis of the target that permutes, its block; numbered by first use.</param>
/// <param name="Matched">The blocks that source tensors have too, ascending.</param>
/// <param name="Sources">What is gathered, to be joined along the channels.</param>
internal sealed record AxisPattern(int[] Blocks, int[] Matched, IReadOnlyList<AxisSource> Sources)
{
    private string? key;

    /// <summary>The same for patterns that gather the same.</summary>
    public string Key => key ??= string.Join(' ', Sources.Select(static source => source.Key));

    /// <summary>
    /// For each axis a digit, its block if matched, or a letter, if repeated: <c>01</c> the same entry of a matrix, <c>0b</c> its row, <c>a1</c> its
    /// column, <c>ab</c> the whole, <c>00</c> and <c>aa</c> those onto the diagonal; <c>whole</c> into what has no axis.
    /// </summary>
    public string Name => Blocks.Length == 0 ? "whole" : string.Concat(Blocks.Select(block => (char)((Matched.Contains(block) ? '0' : 'a') + block)));

    /// <summary>Whether no axis is matched: such a pattern has a bias.</summary>
    public bool IsConstant => Matched.Length == 0;

    /// <summary>The patterns of each tensor.</summary>
    public static AxisPattern[][] All(AxisSpec spec) =>
        [.. Enumerable.Range(0, spec.Tensors.Count).Select(target => Of(spec, [.. spec.PermutedAxes(target).Select(static axis => axis.Name)]))];

    /// <summary>The patterns of a tensor with some axes that permute; of none: all invariant sums.</summary>
    public static AxisPattern[] Of(AxisSpec spec, string[] target)
    {
        var found = new Dictionary<string, AxisPattern>();
        for (var source = 0; source < spec.Tensors.Count; source++)
        {
            string[] names = [.. target, .. spec.PermutedAxes(source).Select(static axis => axis.Name)];
            foreach (var partition in Partitions(names))
            {
                int[] own = partition[..target.Length], other = partition[target.Length..];
                var matched = own.Intersect(other).Order().ToArray();
                var pattern = new AxisPattern(own, matched, new List<AxisSource>());
                if (!found.TryAdd(pattern.Name, pattern)) pattern = found[pattern.Name];
                ((List<AxisSource>)pattern.Sources).Add(new(source, other, matched));
            }
        }

        return [.. found.Values];
    }

    // All ways to put elements into blocks of equal names, blocks numbered by first use.
    private static IEnumerable<int[]> Partitions(string[] names)
    {
        return Extend([], []);

        IEnumerable<int[]> Extend(int[] blocks, string[] ofBlocks)
        {
            if (blocks.Length == names.Length)
            {
                yield return blocks;
                yield break;
            }

            var name = names[blocks.Length];
            for (var block = 0; block <= ofBlocks.Length; block++)
            {
                if (block < ofBlocks.Length && ofBlocks[block] != name) continue;
                foreach (var partition in Extend([.. blocks, block], block < ofBlocks.Length ? ofBlocks : [.. ofBlocks, name])) yield return partition;
            }
        }
    }
}
