namespace Noether;

public sealed partial class RandomKey
{
    /// <summary>The integers 0 … n-1 in random order, int64.</summary>
    /// <param name="n">How many.</param>
    /// <remarks>By sorting random words; again for large n, so that the order among equal words does not show (as in JAX).</remarks>
    /// <exception cref="ShapeException">A negative count.</exception>
    public Tensor Permutation(int n)
    {
        if (n < 0) throw new ShapeException($"Permutation: negative count {n}");

        // r words of 32 bits a place make n³ times their number of values, so that even one pair of equals is unlikely.
        var rounds = Math.Max(1, (int)Math.Ceiling(3 * Math.Log2(Math.Max(n, 1)) / 32));
        var words = Bits([rounds, n]);
        var order = words.Narrow(0, 0, 1).Squeeze(0).ArgSort(0);
        for (var round = 1; round < rounds; round++) order = order.Take(words.Narrow(0, round, 1).Squeeze(0).ArgSort(0));
        return order;
    }

    /// <summary>The slices of a tensor along an axis in random order; other axes stay together.</summary>
    /// <param name="x">What is shuffled.</param>
    /// <param name="axis">The axis.</param>
    public Tensor Shuffle(Tensor x, int axis = 0)
    {
        axis = x.Shape.Axis(axis, "Shuffle");
        return x.Take(Permutation(x.Shape[axis]), axis);
    }
}
