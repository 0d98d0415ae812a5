using Noether.Kernels.Copies;
using Noether.Kernels.MatMul;

namespace Noether.Kernels.Tests.MatMul;

public class TensorCoreChoiceTests
{
    private const int Processors = 132;

    [TestCase(4096, 4096, 4096, 1, 1)]
    [TestCase(2048, 4096, 2048, 1, 1)] // 256 tiles: two a processor
    [TestCase(1024, 8192, 1024, 1, 4)] // 64 tiles
    [TestCase(1024, 1024, 1024, 1, 2)] // a part has 512 float32 at least
    [TestCase(64, 65536, 64, 1, 32)]
    [TestCase(64, 65536, 64, 66, 4)]
    [TestCase(128, 256, 128, 1, 1)]
    [TestCase(128, 0, 128, 1, 1)]
    public void Parts_fill_the_device(int rows, int inner, int columns, int batch, int parts)
    {
        var sizes = ProductSizes.Of(rows, inner, columns, batch);
        sizes.Chunk = TensorCoreChoice.ChunkOf(sizes, sizeof(float), Processors);
        Assert.That(sizes.Parts, Is.EqualTo(parts));
    }

    [Test]
    public void Parts_begin_with_a_stage([Range(1, 40000, 1999)] int inner, [Values(2, 4)] int bytes)
    {
        var sizes = ProductSizes.Of(32, inner, 32);
        sizes.Chunk = TensorCoreChoice.ChunkOf(sizes, bytes, Processors);
        Assert.That(sizes.Parts == 1 || sizes.Chunk % (TensorCoreTile.DepthBytes / bytes) == 0);
        Assert.That((long)sizes.Chunk * sizes.Parts, Is.GreaterThanOrEqualTo(inner));
    }

    [TestCase(64, 1, 0, 4, true)]
    [TestCase(1, 64, 0, 4, true)]
    [TestCase(62, 1, 0, 4, false)] // rows begin between chunks
    [TestCase(68, 1, 0, 2, false)]
    [TestCase(64, 1, 2, 4, false)]
    [TestCase(64, 2, 0, 4, false)] // nothing lies side by side
    [TestCase(-64, 1, 64, 4, true)]
    public void Layouts_of_whole_chunks_are_read(long rowStride, long columnStride, long offset, int bytes, bool isRead)
    {
        var layout = new MatrixLayout { Batch = IndexMap.Create([1], [0], offset), RowStride = rowStride, ColumnStride = columnStride };
        Assert.That(TensorCoreChoice.Reads(layout, bytes), Is.EqualTo(isRead));
    }

    [TestCase(256, 64, 128, 0, true)]
    [TestCase(256, 64, 127, 0, false)]
    [TestCase(255, 64, 128, 0, false)]
    [TestCase(256, 48, 128, 0, false)]
    [TestCase(256, 64, 128, 2, false)]
    public void Whole_tiles_need_no_bounds(int rows, int inner, int columns, long start, bool areWhole) =>
        Assert.That(TensorCoreChoice.AreWhole(ProductSizes.Of(rows, inner, columns) with { Start = start }, sizeof(float)), Is.EqualTo(areWhole));
}
