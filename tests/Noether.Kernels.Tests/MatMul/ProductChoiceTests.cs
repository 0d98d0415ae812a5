using Noether.Kernels.MatMul;

namespace Noether.Kernels.Tests.MatMul;

public class ProductChoiceTests
{
    private const int Processors = 132;

    [TestCase(4096, 4096, 4096, ProductTileKind.Large, 1)]
    [TestCase(1024, 65536, 1024, ProductTileKind.Large, 3)] // 64 tiles
    [TestCase(512, 512, 512, ProductTileKind.Small, 2)] // 256 small tiles are almost enough
    [TestCase(128, 128, 128, ProductTileKind.Small, 1)] // too short to split
    [TestCase(32, 8192, 32, ProductTileKind.Small, 32)]
    [TestCase(100000, 16, 16, ProductTileKind.Small, 1)]
    public void Tiles_and_parts_fill_the_device(int rows, int inner, int columns, ProductTileKind tile, int parts)
    {
        var sizes = ProductSizes.Of(rows, inner, columns);
        var choice = ProductChoice.Of(sizes, isFloat32: true, Processors);
        sizes.Chunk = choice.Chunk;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(choice.Tile, Is.EqualTo(tile));
            Assert.That(sizes.Parts, Is.EqualTo(parts));
        }
    }

    // Of a tile of 32 x 32, or of 64 x 64, at most so much would be used as of the squares of a group's threads.
    [TestCase(1024, 16, 16, 16, ProductTileKind.Whole)]
    [TestCase(256, 10, 64, 32, ProductTileKind.Whole)]
    [TestCase(256, 24, 24, 24, ProductTileKind.Whole)]
    [TestCase(4096, 33, 33, 33, ProductTileKind.Whole)]
    [TestCase(256, 64, 784, 32, ProductTileKind.Small)]
    [TestCase(1024, 32, 32, 32, ProductTileKind.Small)]
    [TestCase(1024, 64, 64, 64, ProductTileKind.Medium)] // more squares than threads
    [TestCase(1, 16, 16, 16, ProductTileKind.Small)]
    [TestCase(2, 16, 8192, 16, ProductTileKind.Small)] // in parts
    public void Small_products_are_made_whole_where_tiles_would_be_emptier(int batch, int rows, int inner, int columns, ProductTileKind tile)
    {
        var sizes = ProductSizes.Of(rows, inner, columns, batch);
        Assert.That(ProductChoice.OfMatrices(sizes, isFloat32: true, Processors).Tile, Is.EqualTo(tile));
    }

    [Test]
    public void Other_types_have_no_tiles_of_64_elements_a_thread() =>
        Assert.That(ProductChoice.Of(ProductSizes.Of(4096, 4096, 4096), isFloat32: false, Processors).Tile, Is.EqualTo(ProductTileKind.Thin));

    [Test]
    public void Every_split_begins_where_vectors_may([Range(1, 20000, 997)] int inner)
    {
        var sizes = ProductSizes.Of(32, inner, 32);
        sizes.Chunk = ProductChoice.Of(sizes, isFloat32: true, Processors).Chunk;
        Assert.That(sizes.Parts == 1 || sizes.Chunk % 4 == 0);
        Assert.That((long)sizes.Chunk * sizes.Parts, Is.GreaterThanOrEqualTo(inner));
    }
}
