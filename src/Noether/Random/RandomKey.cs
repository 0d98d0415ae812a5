using Noether.Primitives;

namespace Noether;

/// <summary>
/// The seed of random numbers, as data: equal keys give equal numbers on every device, different keys independent ones. Split a key to get
/// more; never draw twice from one.
/// </summary>
/// <remarks>
/// A key is two 32-bit words of Philox 4x32-10 (Salmon et al. 2011) held in a tensor, so that it goes in and out of compiled and batched
/// functions: <c>Vmap</c> over the keys of <see cref="Split(int)"/> draws for each of them.
/// </remarks>
public sealed partial class RandomKey : ITensorTree<RandomKey>
{
    // Children are drawn from streams that no user draws from: the parent's words with other bits flipped for each use.
    private const int SplitTweak = 0x5DEECE66;
    private const int FoldTweak = 0x3C6EF372;

    internal RandomKey(Tensor words) => Words = words;

    /// <summary>The words, int32[…, 2].</summary>
    public Tensor Words { get; }

    IReadOnlyList<Tensor> ITensorTree<RandomKey>.Leaves => [Words];

    /// <summary>The key of a seed.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="device">Where numbers will be drawn; default <see cref="Device.Default"/>.</param>
    public static RandomKey From(long seed, Device? device = null) =>
        new(Tensor.From([(int)seed, (int)(seed >> 32)], [2], device));

    /// <summary>A key from words that were saved.</summary>
    /// <param name="words">int32[2].</param>
    /// <exception cref="DTypeException">Not int32[2].</exception>
    public static RandomKey From(Tensor words) =>
        words.DType == DType.Int32 && words.Rank > 0 && words.Shape[^1] == 2
            ? new(words)
            : throw new DTypeException($"RandomKey: words are int32[2], not {words.DType.Name()}{words.Shape}");

    /// <summary>Two independent keys.</summary>
    public (RandomKey First, RandomKey Second) Split()
    {
        var children = Children("Split", 2);
        return (At(children, 0), At(children, 1));
    }

    /// <summary><paramref name="count"/> independent keys.</summary>
    public RandomKey[] Split(int count)
    {
        var children = Children("Split", count);
        return [.. Enumerable.Range(0, count).Select(i => At(children, i))];
    }

    /// <summary><paramref name="count"/> independent keys as one batch, words int32[count, 2], for <c>Vmap</c>.</summary>
    public RandomKey SplitBatch(int count) => new(Children("SplitBatch", count));

    /// <summary>The key of this one and a number, for example of a step: <c>key.Fold(step)</c>.</summary>
    public RandomKey Fold(int data) => Fold(Tensor.From([data], [1], Words.Device));

    /// <summary>The key of this one and a number that is itself a tensor of one int32.</summary>
    public RandomKey Fold(Tensor data)
    {
        if (data.Size != 1) throw new ShapeException($"Fold: takes one integer, not {data.Shape}");
        var mixed = Words ^ Tensor.Concatenate(0, data.To(DType.Int32).Reshape(1), Tensor.Full([1], FoldTweak, DType.Int32, Words.Device));
        return new(Tensor.Apply(new RandomBits([2]), mixed));
    }

    RandomKey ITensorTree<RandomKey>.WithLeaves(IReadOnlyList<Tensor> leaves) => new(leaves[0]);

    private Tensor Children(string operation, int count)
    {
        if (count < 0) throw new ShapeException($"{operation}: {count} keys of words {Words.Shape}");
        return Tensor.Apply(new RandomBits([count, 2]), Words ^ Tensor.Full([2], SplitTweak, DType.Int32, Words.Device));
    }

    private static RandomKey At(Tensor children, int index) => new(children.Narrow(0, index, 1).Squeeze(0));
}
