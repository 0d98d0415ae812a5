using System.IO.Compression;
using System.Security.Cryptography;

namespace Noether.Examples.Tests.Common;

public sealed class ExampleDataTests
{
    [Test]
    public void The_carried_digits_lie_beside_the_program_and_are_the_official_ones()
    {
        var paths = ExampleData.Find("mnist", null, "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte");

        Assert.That(paths.Select(UnpackedMd5), Is.EqualTo(["2646ac647ad5339dbf082846283269ea", "27ae3e4e09519cfbb04c329615203637"]));
    }

    [Test]
    public void Plain_gzipped_and_dotted_names_are_found_in_a_given_folder()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "a-idx1-ubyte", "b-idx1-ubyte.gz", "c.idx1-ubyte" })
            File.WriteAllText(folder[name], "");

        var paths = ExampleData.Find("mnist", folder.FullName, "a-idx1-ubyte", "b-idx1-ubyte", "c-idx1-ubyte");

        Assert.That(paths.Select(Path.GetFileName), Is.EqualTo(["a-idx1-ubyte", "b-idx1-ubyte.gz", "c.idx1-ubyte"]));
    }

    [Test]
    public void A_missing_file_or_folder_is_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a"], "");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => ExampleData.Find("mnist", folder.FullName, "a", "b", "c"),
                Throws.TypeOf<FileNotFoundException>().With.Message.StartsWith("b, c missing in ").And.Message.Contains(folder.FullName));
            Assert.That(() => ExampleData.Find("mnist", folder["none"], "a"),
                Throws.TypeOf<DirectoryNotFoundException>().With.Message.Contains("mnist needs a there"));
        }
    }

    private static string UnpackedMd5(string path)
    {
        using var file = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        return Convert.ToHexStringLower(MD5.HashData(file));
    }
}
