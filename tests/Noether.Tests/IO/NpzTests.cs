using System.IO.Compression;

namespace Noether.Tests.IO;

public sealed class NpzTests
{
    private static readonly byte[] Member = NpyBytes.Make("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n", [0, 0, 128, 63, 0, 0, 0, 64]);

    [Test]
    public void Every_type_and_shape_comes_back_stored_or_deflated([Values] bool compress)
    {
        using var folder = new TemporaryFolder();
        var arrays = SampleArrays.All().Where(entry => entry.Array.DType != DType.BFloat16).ToArray();
        NpzFile.Write(folder["all.npz"], arrays, compress);
        var read = NpzFile.Read(folder["all.npz"]);
        Assert.That(read.Arrays.Keys, Is.EqualTo(arrays.Select(entry => entry.Name)));
        foreach (var (name, array) in arrays) SampleArrays.AssertEqual(read.Arrays[name], array, name);
        Assert.That(read.Texts, Is.Empty);
        Assert.That(folder.Names, Is.EqualTo(new[] { "all.npz" }));
        Assert.That(Assert.Throws<FileFormatException>(() => read.Arrays["no"].CopyTo(Stream.Null))!.Message, Does.Contain("'no'").And.Contains("others"));
    }

    [Test]
    public void Compression_is_by_choice_and_equal_arrays_make_equal_files()
    {
        using var folder = new TemporaryFolder();
        (string, HostArray)[] arrays = [("zeros", HostArray.Of<int>([10_000], new int[10_000]))];
        NpzFile.Write(folder["stored"], arrays);
        NpzFile.Write(folder["deflated"], arrays, compress: true);
        NpzFile.Write(folder["again"], arrays, compress: true);
        Assert.That(new FileInfo(folder["stored"]).Length, Is.GreaterThan(40_000));
        Assert.That(new FileInfo(folder["deflated"]).Length, Is.LessThan(1_000));
        Assert.That(File.ReadAllBytes(folder["again"]), Is.EqualTo(File.ReadAllBytes(folder["deflated"])));
    }

    [Test]
    public void Names_that_cannot_be_written_are_refused()
    {
        using var folder = new TemporaryFolder();
        var one = HostArray.Of<int>([1], [1]);
        Assert.That(Damage.ReasonFor(folder["x"], path => NpzFile.Write(path, [("a", one), ("a", one)])), Does.Contain("'a'"));
        Assert.That(Damage.ReasonFor(folder["x"], path => NpzFile.Write(path, [("", one)])), Does.Contain("empty"));
        Assert.That(folder.Names, Is.Empty);
    }

    [Test]
    public void Members_that_are_not_npy_or_are_there_twice_are_refused()
    {
        Assert.That(Reason(Zip(("notes.txt", Member))), Does.Contain("member 'notes.txt': is not an npy file"));
        Assert.That(Reason(Zip(("x.npy", Member), ("x.npy", Member))), Does.Contain("member 'x.npy': is there twice"));
        Assert.That(Reason(Zip(("x.npy", "PK"u8.ToArray()))), Does.Contain("member 'x.npy': 2 bytes are too few"));
        Assert.That(Reason(Zip(("x.npy", [.. Member, 0]))), Does.Contain("9 bytes follow the header"));
    }

    [Test]
    public void A_file_that_is_not_a_zip_archive_is_refused()
    {
        Assert.That(Reason(Member), Does.Contain("not a zip archive"));
        Assert.That(Reason([]), Does.Contain("not a zip archive"));
        using var folder = new TemporaryFolder();
        Assert.That(Damage.ReasonFor(folder["none"], Load), Does.EndWith("no such file"));
    }

    [Test]
    public void A_changed_byte_of_the_data_fails_the_check_sum()
    {
        var bytes = Zip(("x.npy", Member));
        var at = bytes.AsSpan().LastIndexOf((byte[])[0, 0, 128, 63]);
        bytes[at] ^= 1;
        Assert.That(Reason(bytes), Does.Contain("member 'x.npy'").And.Contains("damaged"));
    }

    [Test]
    public void A_declared_size_that_deflate_cannot_reach_is_refused_before_it_is_allocated()
    {
        var bytes = Zip(("x.npy", Member));
        // The directory's uncompressed size, 24 bytes into its record.
        var record = bytes.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        BitConverter.TryWriteBytes(bytes.AsSpan(record + 24), 0x7FFF_FFFF);
        Assert.That(Reason(bytes), Does.Contain("x.npy"));
    }

    [Test]
    public void Truncations_are_refused() => Damage.TruncationsAreRefused(Zip(("x.npy", Member), ("y.npy", Member)), Load);

    [Test]
    public void Random_damage_is_refused_or_harmless([Values] bool compress)
    {
        using var folder = new TemporaryFolder();
        NpzFile.Write(folder["x"], [("x", HostArray.Of<float>([2], [1, 2])), ("y", HostArray.Of<int>([30], new int[30]))], compress);
        Damage.FlipsDoNoHarm(File.ReadAllBytes(folder["x"]), Load);
    }

    private static byte[] Zip(params (string Name, byte[] Content)[] members)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in members)
            {
                using var member = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
                member.Write(content);
            }
        }

        return stream.ToArray();
    }

    private static string Reason(byte[] bytes)
    {
        using var folder = new TemporaryFolder();
        return Damage.ReasonFor(folder.Write("x.npz", bytes), Load);
    }

    private static void Load(string path) => NpzFile.Read(path);
}
