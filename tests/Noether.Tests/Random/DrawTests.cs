namespace Noether.Tests.RandomKeys;

// Draws are fixed by their keys: a bound of five standard deviations fails for a wrong distribution, and never by chance from run to run.
[Parallelizable(ParallelScope.All)]
public class DrawTests
{
    private const int N = 20_000;
    private static readonly RandomKey Key = RandomKey.From(20_260_101);
    private static readonly DType[] Types = [DType.Float32, DType.Float64];

    // 1 - 2·2φ(2)/(2Φ(2) - 1): the variance within two deviations.
    private const double TruncatedVariance = 0.7737413035499232;

    private static IEnumerable<TestCaseData> Distributions()
    {
        foreach (var type in Types)
        {
            TestCaseData Case(string name, Tensor draw, double mean, double variance) => new TestCaseData(draw, mean, variance).SetArgDisplayNames($"{name}, {type.Name()}");
            yield return Case("uniform", Key.Uniform([N], type: type), 0.5, 1 / 12.0);
            yield return Case("uniform between bounds", Key.Uniform([N], -1, 3, type), 1, 16 / 12.0);
            yield return Case("normal", Key.Normal([N], type: type), 0, 1);
            yield return Case("normal of mean and deviation", Key.Normal([N], 2, 0.5, type), 2, 0.25);
            yield return Case("truncated normal", Key.TruncatedNormal([N], type: type), 0, TruncatedVariance);
            yield return Case("exponential", Key.Exponential([N], type), 1, 1);
            yield return Case("gumbel", Key.Gumbel([N], type), 0.5772156649015329, Math.PI * Math.PI / 6);
            yield return Case("bernoulli", Key.Bernoulli(Tensor.Full([N], 0.3, type)).To(type), 0.3, 0.21);
            yield return Case("integers", Key.Integers([N], -3, 5).To(type), 0.5, 63 / 12.0);
        }
    }

    [TestCaseSource(nameof(Distributions))]
    public void Mean_and_variance_are_those_of_the_distribution(Tensor draw, double mean, double variance)
    {
        var x = draw.To(DType.Float64);
        Assert.That(x.Mean().Item(), Is.EqualTo(mean).Within(5 * Math.Sqrt(variance / N)));

        // The variance of a sample varies by σ² √((kurtosis - 1)/n); the exponential's kurtosis of 9 is the largest here.
        Assert.That((x - mean).Square().Mean().Item(), Is.EqualTo(variance).Within(5 * variance * Math.Sqrt(8.0 / N)));
    }

    [Test]
    public void Normal_numbers_have_the_normal_kurtosis([ValueSource(nameof(Types))] DType type) =>
        Assert.That(Key.Normal([N], type: type).To(DType.Float64).Pow(4).Mean().Item(), Is.EqualTo(3).Within(5 * Math.Sqrt(96.0 / N)));

    [Test]
    public void Uniform_numbers_fill_their_interval_evenly([ValueSource(nameof(Types))] DType type)
    {
        var x = Key.Uniform([N], type: type).ToArray<double>();
        Assert.That(x, Is.All.InRange(0, Math.BitDecrement(1.0)));
        Assert.That(ChiSquare(x.CountBy(v => (int)(v * 16)), Enumerable.Repeat(1 / 16.0, 16)), Is.LessThan(37.7)); // 1 in 1000 of 15 degrees
    }

    [Test]
    public void Truncated_normals_stay_between_their_bounds([ValueSource(nameof(Types))] DType type)
    {
        Assert.That(Key.TruncatedNormal([N], type: type).ToArray<double>(), Is.All.InRange(-2, 2));
        Assert.That(Key.TruncatedNormal([N], 0.5, 0.75, type).ToArray<double>(), Is.All.InRange(0.5, 0.75));
    }

    [Test]
    public void Integers_take_every_value_in_range_and_no_other()
    {
        var x = Key.Integers([N], -3, 5).ToArray<int>();
        Assert.That(x.Distinct().Order(), Is.EqualTo(Enumerable.Range(-3, 8)));
        Assert.That(Key.Integers([100], int.MinValue, int.MaxValue).ToArray<int>().Distinct().Count(), Is.EqualTo(100));
    }

    [Test]
    public void Categories_come_with_their_frequencies()
    {
        double[] probabilities = [0.1, 0.2, 0.3, 0.4];
        var logits = Tensor.From(probabilities.Select(static p => Math.Log(p)).ToArray()) + 5;
        var drawn = Key.Categorical(logits.BroadcastTo([N, 4])).ToArray<int>();
        Assert.That(ChiSquare(drawn.CountBy(i => i), probabilities), Is.LessThan(16.3)); // 1 in 1000 of 3 degrees
        Assert.That(Key.Categorical(Tensor.Zeros([3, 2]), axis: 0).Shape, Is.EqualTo(Shape.Create([2])));
    }

    [FsCheck.NUnit.Property(MaxTest = 30, QuietOnSuccess = true)]
    public void A_permutation_holds_every_integer_once(ushort seed)
    {
        var n = seed % 40;
        Assert.That(RandomKey.From(seed).Permutation(n).ToArray<int>().Order(), Is.EqualTo(Enumerable.Range(0, n)));
    }

    [Test]
    public void Permutations_of_many_hold_every_integer_once_too() =>
        Assert.That(Key.Permutation(5000).ToArray<int>().Order(), Is.EqualTo(Enumerable.Range(0, 5000)));

    [Test]
    public void Every_order_of_three_is_equally_likely()
    {
        const int draws = 3000;
        var orders = Transform.Vmap<RandomKey, Tensor>(k => k.Permutation(3))(Key.SplitBatch(draws)).ToArray<int>();
        var counts = Enumerable.Range(0, draws).CountBy(i => orders[3 * i] * 3 + orders[3 * i + 1]);
        Assert.That(ChiSquare(counts, Enumerable.Repeat(1 / 6.0, 6)), Is.LessThan(20.6)); // 1 in 1000 of 5 degrees
    }

    [Test]
    public void A_shuffle_moves_whole_slices()
    {
        var x = Tensor.Arange(12).Reshape(6, 2);
        var rows = Key.Shuffle(x).ToArray<int>();
        Assert.That(rows.Chunk(2).Select(row => row[1] - row[0]), Is.All.EqualTo(1));
        Assert.That(rows.Order(), Is.EqualTo(Enumerable.Range(0, 12)));
        Assert.That(Key.Shuffle(x, axis: -1).Shape, Is.EqualTo(x.Shape));
    }

    [Test]
    public void Mistakes_are_named()
    {
        Assert.That(() => Key.Normal([2], type: DType.Int32), Throws.TypeOf<DTypeException>().With.Message.Contains("Normal"));
        Assert.That(() => Key.TruncatedNormal([2], 1, 1), Throws.TypeOf<ShapeException>().With.Message.Contains("TruncatedNormal"));
        Assert.That(() => Key.Integers([2], 3, 3), Throws.TypeOf<ShapeException>().With.Message.Contains("Integers"));
        Assert.That(() => Key.Permutation(-1), Throws.TypeOf<ShapeException>().With.Message.Contains("Permutation"));
        Assert.That(() => Key.Shuffle(Tensor.Zeros([2]), 1), Throws.TypeOf<AxisException>().With.Message.Contains("Shuffle"));
    }

    private static double ChiSquare(IEnumerable<KeyValuePair<int, int>> counts, IEnumerable<double> probabilities)
    {
        var found = counts.OrderBy(c => c.Key).Select(c => c.Value).ToArray();
        Assert.That(found, Has.Length.EqualTo(probabilities.Count()));
        double total = found.Sum();
        return found.Zip(probabilities, (count, p) => Math.Pow(count - total * p, 2) / (total * p)).Sum();
    }
}
