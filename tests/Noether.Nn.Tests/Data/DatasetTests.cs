using System.Buffers.Binary;

namespace Noether.Nn.Tests;

public class DatasetTests
{
    private static Dataset Ten => new(Column.Of(Enumerable.Range(0, 20).Select(i => (float)i).ToArray(), [2]), Column.Of(Enumerable.Range(0, 10).Select(i => (long)i).ToArray()));

    [Test]
    public void Batches_hold_every_example_once_in_order_and_inputs_stay_with_targets()
    {
        var batches = Ten.Batches(4).ToArray();
        Assert.That(batches.Select(b => b.Size), Is.EqualTo([4, 4, 2]));
        Assert.That(batches.SelectMany(b => b.Target.ToArray<long>()), Is.EqualTo(Enumerable.Range(0, 10)));
        Assert.That(batches[1].Input.Shape.ToString(), Is.EqualTo("[4, 2]"));
        Assert.That(batches[1].Input.ToArray<float>()[..2], Is.EqualTo([8f, 9f]));
    }

    [Test]
    public void Dropping_the_last_leaves_whole_batches_and_skipping_goes_on_where_a_pass_stopped()
    {
        Assert.That(Ten.Batches(4, dropLast: true).Count(), Is.EqualTo(2));
        Assert.That((Ten.BatchCount(4), Ten.BatchCount(4, dropLast: true)), Is.EqualTo((3, 2)));
        var key = RandomKey.From(3);
        var whole = Ten.Batches(3, key).Skip(2).SelectMany(b => b.Target.ToArray<long>());
        Assert.That(Ten.Batches(3, key, skip: 2).SelectMany(b => b.Target.ToArray<long>()), Is.EqualTo(whole));
    }

    [Test]
    public void Shuffling_is_a_permutation_that_the_key_decides()
    {
        long[] Order(long seed) => [.. Ten.Batches(3, RandomKey.From(seed)).SelectMany(b => b.Target.ToArray<long>())];
        Assert.That(Order(1), Is.EquivalentTo(Enumerable.Range(0, 10)));
        var again = Order(1);
        Assert.That(again, Is.EqualTo(Order(1)).And.Not.EqualTo(Order(2)));
        foreach (var batch in Ten.Batches(3, RandomKey.From(1)))
            Assert.That(batch.Input.ToArray<float>().Where((_, i) => i % 2 == 0), Is.EqualTo(batch.Target.ToArray<long>().Select(t => 2f * t)));
    }

    [Test]
    public void Every_position_of_a_shuffle_is_equally_likely()
    {
        // 400 shuffles of 10: each of 100 counts has mean 40 and deviation 6; 5 deviations leave one false alarm in 10⁴ seeds, and the seeds are fixed.
        var counts = new int[10, 10];
        for (var seed = 0; seed < 400; seed++)
        {
            var order = Ten.Batches(10, RandomKey.From(seed)).Single().Target.ToArray<long>();
            for (var i = 0; i < 10; i++) counts[i, order[i]]++;
        }

        foreach (var count in counts) Assert.That(count, Is.InRange(10, 70));
    }

    [Test]
    public void A_split_by_key_is_disjoint_and_complete()
    {
        var (train, test) = Ten.Split(RandomKey.From(5), 7);
        Assert.That((train.Count, test.Count), Is.EqualTo((7, 3)));
        long[] Targets(Dataset set) => set.All().Target.ToArray<long>();
        Assert.That(Targets(train).Concat(Targets(test)), Is.EquivalentTo(Enumerable.Range(0, 10)));
        Assert.That(Targets(Ten.Split(RandomKey.From(5), 7).First), Is.EqualTo(Targets(train)));
        Assert.That(Targets(train[2..4]), Is.EqualTo(Targets(train)[2..4]));
        Assert.That(() => Ten.Split(RandomKey.From(5), 11), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Bytes_become_scaled_floats_and_labels_integers()
    {
        var set = new Dataset(Column.OfBytes([0, 51, 255, 102], [1, 2]), Column.OfLabels([3, 9]));
        var all = set.All();
        Assert.That(all.Input.ToArray<float>(), Is.EqualTo([0, 0.2f, 1, 0.4f]).Within(1).Ulps);
        Assert.That(all.Input.Shape.ToString(), Is.EqualTo("[2, 1, 2]"));
        Assert.That(all.Target.ToArray<long>(), Is.EqualTo([3L, 9]));
        Assert.That(set.Rows.Select(r => r.ToString()), Is.EqualTo(["[1, 2]", "[]"]));
    }

    [TestCase(DType.Bool)]
    [TestCase(DType.Int32)]
    [TestCase(DType.Int64)]
    [TestCase(DType.BFloat16)]
    [TestCase(DType.Float32)]
    [TestCase(DType.Float64)]
    public void Tensors_of_every_type_keep_it(DType type)
    {
        var batch = Dataset.Of(Tensor.Arange(6, type).Reshape(3, 2)).Batches(2).Last();
        Assert.That(batch.Input.DType, Is.EqualTo(type));
        Assert.That(batch.Input.ToArray<double>(), Is.EqualTo(type == DType.Bool ? new[] { 1.0, 1 } : [4.0, 5]));
    }

    [Test]
    public void Images_and_labels_come_from_idx_files()
    {
        var folder = Directory.CreateTempSubdirectory("noether-idx").FullName;
        try
        {
            var (images, labels) = (Path.Combine(folder, "images"), Path.Combine(folder, "labels"));
            File.WriteAllBytes(images, [.. Header(2, 2, 3), .. Enumerable.Range(0, 12).Select(i => (byte)i)]);
            File.WriteAllBytes(labels, [.. Header(2), 7, 1]);
            var set = Dataset.FromIdx(images, labels);
            Assert.That(set.All().Input.Shape.ToString(), Is.EqualTo("[2, 1, 2, 3]"));
            Assert.That(set.All().Target.ToArray<long>(), Is.EqualTo([7L, 1]));
            Assert.That(() => Dataset.FromIdx(labels, labels), Throws.TypeOf<FileFormatException>().With.Message.Contains("not images"));
            Assert.That(() => Dataset.FromIdx(images, images), Throws.TypeOf<FileFormatException>().With.Message.Contains("not labels"));
            File.WriteAllBytes(labels, [.. Header(3), 7, 1, 2]);
            Assert.That(() => Dataset.FromIdx(images, labels), Throws.TypeOf<ShapeException>().With.Message.Contains("2, 3"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void Wrong_columns_and_indices_are_errors_that_say_so()
    {
        Assert.That(() => new Dataset(), Throws.TypeOf<ShapeException>());
        Assert.That(() => Column.Of([1f, 2, 3], [2]), Throws.TypeOf<ShapeException>().With.Message.Contains("3 values").And.Message.Contains("[2]"));
        Assert.That(() => Ten.Take([10]), Throws.TypeOf<AxisException>().With.Message.Contains("10"));
        Assert.That(() => Ten.Batches(0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Column.Of(Tensor.From(1.0)), Throws.TypeOf<ShapeException>());
        Assert.That(() => new Batch(), Throws.ArgumentException);
    }

    private static byte[] Header(params int[] sizes)
    {
        var header = new byte[4 + 4 * sizes.Length];
        (header[2], header[3]) = (0x08, (byte)sizes.Length);
        for (var i = 0; i < sizes.Length; i++) BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + 4 * i), sizes[i]);
        return header;
    }
}
