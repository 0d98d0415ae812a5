using System.Buffers.Binary;
using System.IO.Compression;

namespace Noether.Tests.IO;

public sealed class IdxTests
{
    private static readonly byte[] Good = Idx(0x08, [2, 3], [1, 2, 3, 4, 5, 255]);

    [Test]
    public void Unsigned_bytes_are_read_as_they_are_gzipped_or_not([Values] bool zipped)
    {
        using var folder = new TemporaryFolder();
        var file = IdxFile.ReadBytes(folder.Write("images", zipped ? Zip(Good) : Good));
        Assert.That(file.Shape, Is.EqualTo(Shape.Create([2, 3])));
        Assert.That(file.Bytes, Is.EqualTo(new byte[] { 1, 2, 3, 4, 5, 255 }));
    }

    [TestCase(0x08, "01FF", DType.Int32, new[] { 1.0, 255 })]
    [TestCase(0x09, "01FF", DType.Int32, new[] { 1.0, -1 })]
    [TestCase(0x0B, "0001FFFE", DType.Int32, new[] { 1.0, -2 })]
    [TestCase(0x0C, "00000001FFFFFFFE", DType.Int32, new[] { 1.0, -2 })]
    [TestCase(0x0D, "3F800000C0000000", DType.Float32, new[] { 1.0, -2 })]
    [TestCase(0x0E, "3FF0000000000000C000000000000000", DType.Float64, new[] { 1.0, -2 })]
    public void Every_type_is_read_big_endian(int code, string data, DType type, double[] values)
    {
        using var folder = new TemporaryFolder();
        foreach (var zipped in (bool[])[false, true])
        {
            var bytes = Idx((byte)code, [2], Convert.FromHexString(data));
            var array = IdxFile.Read(folder.Write("x", zipped ? Zip(bytes) : bytes));
            Assert.That(array.DType, Is.EqualTo(type));
            double[] read = type switch
            {
                DType.Int32 => [.. array.As<int>().ToArray()],
                DType.Float32 => [.. array.As<float>().ToArray()],
                _ => array.As<double>().ToArray(),
            };
            Assert.That(read, Is.EqualTo(values));
        }
    }

    [Test]
    public void Empty_and_scalar_files_are_read()
    {
        using var folder = new TemporaryFolder();
        Assert.That(IdxFile.ReadBytes(folder.Write("x", Idx(0x08, [0, 28, 28], []))).Shape, Is.EqualTo(Shape.Create([0, 28, 28])));
        Assert.That(IdxFile.ReadBytes(folder.Write("x", Idx(0x08, [], [7]))).Bytes, Is.EqualTo(new byte[] { 7 }));
    }

    [Test]
    public void Files_that_are_not_idx_are_refused_with_their_reason()
    {
        Assert.That(Reason("PNG, not IDX"u8.ToArray()), Does.Contain("not an IDX file").And.Contains("504E472C"));
        Assert.That(Reason(Idx(0x0A, [1], [1])), Does.Contain("0x0A is not a type code"));
        Assert.That(Reason(Idx(0x08, [-1], [1])), Does.Contain("negative size in shape [-1]"));
        Assert.That(Reason(Idx(0x08, [2, 3], [1])), Does.Contain("has 13 bytes, but [2, 3] of UInt8 takes 6 after a header of 12"));
        Assert.That(Reason(Idx(0x08, [1], [1, 2])), Does.Contain("has 10 bytes"));
        Assert.That(Reason(Idx(0x0E, [int.MaxValue, int.MaxValue, 9], [1])), Does.Contain("overflows"));
        Assert.That(Reason(Idx(0x08, [int.MaxValue, 4], [1])), Does.Contain("8589934588"));
        using var folder = new TemporaryFolder();
        Assert.That(Damage.ReasonFor(folder["none"], Load), Does.EndWith("no such file"));
    }

    [Test]
    public void Other_types_are_not_taken_for_bytes()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("x", Idx(0x0D, [1], [0, 0, 0, 0]));
        Assert.That(Damage.ReasonFor(path, file => IdxFile.ReadBytes(file)), Does.Contain("Float32"));
    }

    [Test]
    public void A_zipped_file_must_hold_what_it_declares_and_no_more()
    {
        Assert.That(Reason(Zip(Idx(0x08, [2, 3], [1]))), Does.Contain("ends early"));
        Assert.That(Reason(Zip(Idx(0x08, [1], [1, 2]))), Does.Contain("goes on after the 1 bytes"));
        Assert.That(Reason(Zip(Idx(0x08, [int.MaxValue], [1]))), Does.Contain("declares 2147483647 bytes"));
        // A bomb: 64 MB of zeros behind a header that declares ten. Refuses() bounds what may be allocated.
        Assert.That(Reason(Zip(Idx(0x08, [10], new byte[64 << 20]))), Does.Contain("goes on after the 10 bytes"));
    }

    [Test]
    public void A_zipped_file_with_a_wrong_check_sum_is_refused()
    {
        var bytes = Zip(Good);
        bytes[^8] ^= 1;
        Assert.That(Reason(bytes), Does.Contain("damaged"));
    }

    [Test]
    public void Truncations_are_refused([Values] bool zipped) => Damage.TruncationsAreRefused(zipped ? Zip(Good) : Good, Load);

    [Test]
    public void Random_damage_is_refused_or_harmless([Values] bool zipped) => Damage.FlipsDoNoHarm(zipped ? Zip(Good) : Good, Load);

    private static byte[] Idx(byte code, int[] sizes, byte[] data)
    {
        var header = new byte[4 + (4 * sizes.Length)];
        header[2] = code;
        header[3] = (byte)sizes.Length;
        for (var axis = 0; axis < sizes.Length; axis++) BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + (4 * axis)), sizes[axis]);
        return [.. header, .. data];
    }

    private static byte[] Zip(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var zip = new GZipStream(stream, CompressionLevel.Optimal)) zip.Write(bytes);
        return stream.ToArray();
    }

    private static string Reason(byte[] bytes)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("x", bytes);
        Assert.That(Damage.Refuses(path, Load), Is.True);
        return Damage.ReasonFor(path, Load);
    }

    private static void Load(string path) => IdxFile.Read(path);
}
