using Noether.Plots;

using SkiaSharp;

namespace Noether.Examples.Tests.Plots;

public sealed class GrayImageTests
{
    [Test]
    public void A_png_becomes_its_luma_row_by_row()
    {
        using var folder = new TemporaryFolder();
        using var bitmap = new SKBitmap(new SKImageInfo(2, 3, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        bitmap.SetPixel(0, 0, SKColors.White);
        bitmap.SetPixel(1, 0, SKColors.Black);
        bitmap.SetPixel(0, 1, new SKColor(255, 0, 0));
        bitmap.SetPixel(1, 1, new SKColor(0, 255, 0));
        bitmap.SetPixel(0, 2, new SKColor(51, 51, 51));
        bitmap.SetPixel(1, 2, new SKColor(0, 0, 0, 0));
        Write(folder["a.png"], bitmap, SKEncodedImageFormat.Png);

        var image = GrayImage.Load(folder["a.png"]);

        Assert.That((image.Height, image.Width), Is.EqualTo((3, 2)));
        // 8-bit storage of exact values: float32 rounding only
        Assert.That(image.Pixels.ToArray(), Is.EqualTo([1f, 0f, 0.299f, 0.587f, 0.2f, 1f]).Within(1e-6));
    }

    [Test]
    public void A_jpeg_is_read_too()
    {
        using var folder = new TemporaryFolder();
        using var bitmap = new SKBitmap(16, 8);
        bitmap.Erase(new SKColor(128, 128, 128));
        Write(folder["a.jpg"], bitmap, SKEncodedImageFormat.Jpeg);

        var image = GrayImage.Load(folder["a.jpg"]);

        Assert.That((image.Height, image.Width), Is.EqualTo((8, 16)));
        // JPEG may move a flat grey by one level of 255
        Assert.That(image[4, 4], Is.EqualTo(128 / 255f).Within(1.5 / 255));
    }

    [TestCase(2, 2)]
    [TestCase(3, 5)]
    [TestCase(40, 24)]
    public void Resizing_keeps_the_mean(int height, int width)
    {
        using var folder = new TemporaryFolder();
        using var bitmap = new SKBitmap(12, 10);
        for (var x = 0; x < 12; x++)
        {
            for (var y = 0; y < 10; y++)
                bitmap.SetPixel(x, y, new SKColor((byte)(x * 20), (byte)(y * 25), (byte)(x * y)));
        }

        Write(folder["a.png"], bitmap, SKEncodedImageFormat.Png);
        var image = GrayImage.Load(folder["a.png"]);

        var resized = image.Resized(height, width);

        Assert.That((resized.Height, resized.Width), Is.EqualTo((height, width)));
        // float32 sums of about a thousand terms
        Assert.That(resized.Pixels.ToArray().Average(), Is.EqualTo(image.Pixels.ToArray().Average()).Within(1e-5));
    }

    [Test]
    public void Inverting_twice_gives_the_picture_back()
    {
        using var folder = new TemporaryFolder();
        new Figure("A").Line([1.0, 2.0]).Save(folder["a.png"]);
        var image = GrayImage.Load(folder["a.png"]);

        Assert.That(image.Inverted()[0, 0], Is.Zero);
        // 1 - (1 - x) rounds twice in float32
        Assert.That(image.Inverted().Inverted().Pixels.ToArray(), Is.EqualTo(image.Pixels.ToArray()).Within(1e-7));
    }

    [Test]
    public void What_is_no_image_is_refused_with_file_and_reason()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["text.png"], "not an image");
        File.WriteAllBytes(folder["empty.png"], []);
        var png = new Figure("A").Line([1.0, 2.0]).ToPng();
        File.WriteAllBytes(folder["cut.png"], png.AsSpan(0, png.Length / 2).ToArray());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => GrayImage.Load(folder["text.png"]), Throws.TypeOf<ImageFileException>().With.Message.Contains("text.png: not a PNG"));
            Assert.That(() => GrayImage.Load(folder["empty.png"]), Throws.TypeOf<ImageFileException>().With.Message.Contains("empty.png"));
            Assert.That(() => GrayImage.Load(folder["cut.png"]), Throws.TypeOf<ImageFileException>().With.Message.Contains("cut.png: the image is broken"));
            Assert.That(() => GrayImage.Load(folder["none.png"]), Throws.TypeOf<FileNotFoundException>().With.Message.Contains("none.png: no such file"));
        }
    }

    private static void Write(string path, SKBitmap bitmap, SKEncodedImageFormat format)
    {
        using var data = bitmap.Encode(format, 95);
        File.WriteAllBytes(path, data.ToArray());
    }
}
