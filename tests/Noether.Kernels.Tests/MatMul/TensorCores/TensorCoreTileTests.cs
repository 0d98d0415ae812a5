using Noether.Kernels.MatMul;

namespace Noether.Kernels.Tests.MatMul;

/// <summary>Where factors lie in shared memory: every place once, and no two threads that an instruction serves at once in one bank.</summary>
[Parallelizable(ParallelScope.All)]
public class TensorCoreTileTests
{
    private const int Banks = 32, BankBytes = 4, Chunk = 16;

    [Test]
    public void Copies_of_both_formats_and_orders_fill_a_stage_without_conflicts()
    {
        CheckCopies<Tf32Number, AlongDepth>();
        CheckCopies<Tf32Number, AcrossLines>();
        CheckCopies<BFloat16Number, AlongDepth>();
        CheckCopies<BFloat16Number, AcrossLines>();
    }

    [Test]
    public void Ldmatrix_reads_eight_chunks_in_different_banks()
    {
        CheckMatrices(TensorCoreTile.LeftPlace<Tf32Number, AlongDepth>, TensorCoreTile.LeftPlace<BFloat16Number, AlongDepth>, TensorCoreTile.LeftPlace<BFloat16Number, AcrossLines>);
        CheckMatrices(TensorCoreTile.RightPlace<Tf32Number, AlongDepth>, TensorCoreTile.RightPlace<BFloat16Number, AlongDepth>, TensorCoreTile.RightPlace<BFloat16Number, AcrossLines>);
    }

    [Test]
    public void Elements_of_float32_across_lines_are_read_from_all_banks()
    {
        foreach (var place in (Func<int, int>[])[TensorCoreTile.LeftPlace<Tf32Number, AcrossLines>, TensorCoreTile.RightPlace<Tf32Number, AcrossLines>])
        {
            for (var warp = 0; warp < 4; warp++)
                Assert.That(Enumerable.Range(32 * warp, 32).Select(thread => place(thread) / BankBytes % Banks), Is.Unique);
        }
    }

    [Test]
    public void Results_of_half_a_warp_are_written_to_different_banks()
    {
        for (var first = 0; first < TensorCoreTile.Threads; first += 16)
        {
            var banks = Enumerable.Range(first, 16).Select(TensorCoreTile.ResultPlace).SelectMany(place => (int[])[place / BankBytes % Banks, (place / BankBytes + 1) % Banks]);
            Assert.That(banks, Is.Unique);
        }

        Assert.That(TensorCoreTile.Lines * TensorCoreTile.ResultStride * sizeof(float), Is.LessThanOrEqualTo(TensorCoreTile.SharedBytes));
    }

    private static void CheckCopies<TNumber, TOrder>()
        where TNumber : struct, ITensorCoreNumber
        where TOrder : struct, IFactorOrder
    {
        var chunks = TensorCoreTile.Chunks<TNumber, TOrder>();
        var rows = TensorCoreTile.RowsAtOnce<TNumber, TOrder>();
        var written = new List<int>();
        for (var copy = 0; copy < 8; copy++)
        {
            for (var first = 0; first < TensorCoreTile.Threads; first += 8)
            {
                // What the kernel computes, against the place by its row and chunk.
                int[] places = [.. Enumerable.Range(first, 8).Select(thread => TensorCoreTile.Place<TNumber, TOrder>(thread / chunks, thread % chunks) + copy * TensorCoreTile.CopyBytes)];
                Assert.That(places, Is.EqualTo(Enumerable.Range(first, 8).Select(thread => TensorCoreTile.Place<TNumber, TOrder>(thread / chunks + copy * rows, thread % chunks))));
                Assert.That(places.Select(place => place / Chunk % 8), Is.Unique, $"{typeof(TNumber).Name} {typeof(TOrder).Name} {copy} {first}");
                written.AddRange(places);
            }
        }

        Assert.That(written.Order(), Is.EqualTo(Enumerable.Range(0, TensorCoreTile.FactorBytes / Chunk).Select(i => i * Chunk)));
    }

    private static void CheckMatrices(params Func<int, int>[] places)
    {
        foreach (var place in places)
        {
            for (var first = 0; first < TensorCoreTile.Threads; first += 8)
                Assert.That(Enumerable.Range(first, 8).Select(thread => place(thread) / Chunk % 8), Is.Unique);
        }
    }
}
