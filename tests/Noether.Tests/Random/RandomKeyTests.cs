namespace Noether.Tests.RandomKeys; // not Random: that would hide System.Random from every other test

[Parallelizable(ParallelScope.All)]
public class RandomKeyTests
{
    [Test]
    public void The_first_words_of_key_zero_are_the_published_ones_of_philox() =>
        Assert.That(Words(RandomKey.From(0), 4), Is.EqualTo((uint[])[0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]));

    [FsCheck.NUnit.Property(MaxTest = 30, QuietOnSuccess = true)]
    public void Equal_keys_give_equal_bits(long seed)
    {
        var again = RandomKey.From(seed);
        Assert.That(Words(RandomKey.From(seed), 9), Is.EqualTo(Words(again, 9)));
        Assert.That(Words(RandomKey.From(seed).Fold(3), 9), Is.EqualTo(Words(RandomKey.From(seed).Fold(Tensor.From(3)), 9)));
        Assert.That(Words(RandomKey.From(seed).Split().Second, 9), Is.EqualTo(Words(RandomKey.From(seed).Split(2)[1], 9)));
    }

    [FsCheck.NUnit.Property(MaxTest = 30, QuietOnSuccess = true)]
    public void Different_keys_give_different_bits(long seed)
    {
        var key = RandomKey.From(seed);
        RandomKey[] keys = [key, RandomKey.From(seed + 1), .. key.Split(3), key.Fold(0), key.Fold(1), key.Split(3)[0].Fold(0)];
        Assert.That(keys.Select(k => string.Join(" ", Words(k, 4))), Is.Unique);
    }

    [Test]
    public void Longer_draws_begin_with_shorter_ones() =>
        Assert.That(Words(RandomKey.From(5), 100_003)[..7], Is.EqualTo(Words(RandomKey.From(5), 7)));

    [Test]
    public void Draws_of_related_keys_are_uncorrelated()
    {
        const int n = 20_000;
        var key = RandomKey.From(1);
        RandomKey[] keys = [key, .. key.Split(2), key.Fold(1), key.Fold(2), RandomKey.From(2)];
        var draws = Tensor.Stack(0, [.. keys.Select(k => k.Normal([n], type: DType.Float64))]);
        var correlation = draws.MatMul(draws.Transpose()) / (double)n;

        // A correlation of independent numbers has deviation 1/√n; of 15 pairs none is beyond 5 of them. Variances: deviation √(2/n).
        var difference = (correlation - Tensor.Eye(keys.Length, DType.Float64)).Abs();
        Assert.That(difference.Max().Item(), Is.LessThan(5 * Math.Sqrt(2.0 / n)));
    }

    [Test]
    public void Neighbours_in_a_stream_are_uncorrelated([Values(1, 2, 3, 4, 8)] int lag)
    {
        const int n = 20_000;
        var x = RandomKey.From(4).Normal([n + lag], type: DType.Float64);
        Assert.That((x.Narrow(0, 0, n) * x.Narrow(0, lag, n)).Mean().Item(), Is.Zero.Within(5 / Math.Sqrt(n)));
    }

    [Test]
    public void A_batch_of_keys_draws_as_a_loop_over_them()
    {
        var key = RandomKey.From(6);
        var batched = Transform.Vmap<RandomKey, Tensor>(k => k.Normal([5]))(key.SplitBatch(3));
        var looped = Tensor.Stack(0, [.. key.Split(3).Select(k => k.Normal([5]))]);
        Assert.That(batched.ToArray<float>(), Is.EqualTo(looped.ToArray<float>()));

        var orders = Transform.Vmap<RandomKey, Tensor>(k => k.Permutation(5))(key.SplitBatch(3));
        var expected = Tensor.Stack(0, [.. key.Split(3).Select(k => k.Permutation(5))]);
        Assert.That(orders.ToArray<long>(), Is.EqualTo(expected.ToArray<long>()));
    }

    [Test]
    public void A_compiled_function_draws_anew_for_every_key()
    {
        var draw = Transform.Compile(words => RandomKey.From(words).Uniform([3]));
        var (first, second) = RandomKey.From(7).Split();
        Assert.That(draw(first.Words).ToArray<float>(), Is.EqualTo(first.Uniform([3]).ToArray<float>()));
        Assert.That(draw(second.Words).ToArray<float>(), Is.EqualTo(second.Uniform([3]).ToArray<float>()));
    }

    [Test]
    public void Words_that_are_no_key_are_refused() =>
        Assert.That(() => RandomKey.From(Tensor.Zeros([3], DType.Int32)), Throws.TypeOf<DTypeException>().With.Message.Contains("int32[3]"));

    private static uint[] Words(RandomKey key, int count) => Array.ConvertAll(key.Bits([count]).ToArray<int>(), static word => (uint)word);
}
