namespace Noether.Tests.IO;

public sealed class SafeTensorsValidationTests
{
    private const string Good = """{"__metadata__":{"k":"v"},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"y":{"dtype":"BOOL","shape":[2,1],"data_offsets":[8,10]}}""";

    private static readonly byte[] GoodBytes = SafeTensorsBytes.Make(Good, new byte[10]);

    [Test]
    public void The_sample_is_good() => Open(GoodBytes);

    [TestCase("""{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"y":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}}""", 4, "'y' overlaps 'x'")]
    [TestCase("""{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"y":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", 2, "overlaps")]
    [TestCase("""{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"y":{"dtype":"U8","shape":[1],"data_offsets":[3,4]}}""", 4, "1 bytes between 'x' and 'y' belong to no array")]
    [TestCase("""{"x":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""", 3, "between the header and 'x'")]
    [TestCase("""{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", 3, "1 bytes after 'x' belong to no array")]
    [TestCase("""{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", 1, "'x' ends at byte 2 of the data, which has only 1")]
    [TestCase("""{}""", 1, "1 bytes after the header")]
    [TestCase("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "takes 8 bytes, but its data_offsets [0, 4] hold 4")]
    [TestCase("""{"x":{"dtype":"U8","shape":[2],"data_offsets":[2,0]}}""", 2, "[2, 0] of 'x' are not a range")]
    [TestCase("""{"x":{"dtype":"U8","shape":[2],"data_offsets":[-2,0]}}""", 2, "[-2, 0] of 'x' are not a range")]
    [TestCase("""{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,1,2]}}""", 2, "3 numbers, not 2")]
    [TestCase("""{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,9223372036854775807]}}""", 2, "9223372036854775807")]
    [TestCase("""{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,9223372036854775808]}}""", 2, "not a list of integers")]
    [TestCase("""{"x":{"dtype":"U8","shape":[-2],"data_offsets":[0,2]}}""", 2, "negative size in shape [-2]")]
    [TestCase("""{"x":{"dtype":"U8","shape":[-2,-1],"data_offsets":[0,2]}}""", 2, "negative size")]
    [TestCase("""{"x":{"dtype":"U8","shape":[2.0],"data_offsets":[0,2]}}""", 2, "not a list of integers")]
    [TestCase("""{"x":{"dtype":"U8","shape":[2e0],"data_offsets":[0,2]}}""", 2, "not a list of integers")]
    [TestCase("""{"x":{"dtype":"U8","shape":["2"],"data_offsets":[0,2]}}""", 2, "not a list of integers")]
    [TestCase("""{"x":{"dtype":"U8","shape":2,"data_offsets":[0,2]}}""", 2, "shape of 'x' is not a list of integers")]
    [TestCase("""{"x":{"dtype":"U8","shape":[4294967296],"data_offsets":[0,2]}}""", 2, "beyond 2147483647")]
    [TestCase("""{"x":{"dtype":"F64","shape":[2147483647,2147483647,2147483647],"data_offsets":[0,2]}}""", 2, "overflows")]
    [TestCase("""{"x":{"dtype":"F64","shape":[2147483647,2147483647,2147483647,0],"data_offsets":[0,0]}}""", 0, "overflows")]
    [TestCase("""{"x":{"dtype":"F64","shape":[65536,65536,65536,65536],"data_offsets":[0,0]}}""", 0, "overflows")]
    [TestCase("""{"x":{"dtype":"F4","shape":[2],"data_offsets":[0,2]}}""", 2, "'x' has the unknown dtype 'F4'")]
    [TestCase("""{"x":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]}}""", 2, "unknown dtype 'F8_E4M3'")]
    [TestCase("""{"x":{"dtype":7,"shape":[2],"data_offsets":[0,2]}}""", 2, "dtype of 'x' is not a string")]
    [TestCase("""{"x":{"shape":[2],"data_offsets":[0,2]}}""", 2, "'x' has no dtype")]
    [TestCase("""{"x":{"dtype":"U8","data_offsets":[0,2]}}""", 2, "'x' has no shape")]
    [TestCase("""{"x":{"dtype":"U8","shape":[2]}}""", 2, "'x' has no data_offsets")]
    [TestCase("""{"x":{"dtype":"U8","dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", 2, "'x' has dtype twice")]
    [TestCase("""{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2],"order":"F"}}""", 2, "unknown field 'order'")]
    [TestCase("""{"x":[1]}""", 0, "'x' is not an object")]
    [TestCase("""{"x":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"x":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", 0, "names 'x' twice")]
    [TestCase("""{"x":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"\u0078":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", 0, "names 'x' twice")]
    [TestCase("""{"__metadata__":{"a":1}}""", 0, "__metadata__ is not a map of strings")]
    [TestCase("""{"__metadata__":"a"}""", 0, "__metadata__ is not a map of strings")]
    [TestCase("""{"__metadata__":{"a":"1","a":"2"}}""", 0, "names 'a' twice")]
    [TestCase("""{"__metadata__":{},"__metadata__":{}}""", 0, "twice")]
    [TestCase("""{"\uD800":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", 0, "not Unicode")]
    [TestCase("""[]""", 0, "not a JSON object")]
    [TestCase(""" {}""", 0, "not a JSON object")]
    [TestCase("", 0, "not a JSON object")]
    [TestCase("""{"x":""", 0, "not valid JSON")]
    [TestCase("""{} {}""", 0, "not valid JSON")]
    [TestCase("{/**/}", 0, "not valid JSON")]
    [TestCase("{\"__metadata__\":{},}", 0, "not valid JSON")]
    public void A_malformed_header_is_refused_with_its_reason(string header, int dataBytes, string reason) =>
        Assert.That(Reason(SafeTensorsBytes.Make(header, new byte[dataBytes])), Does.Contain(reason));

    [Test]
    public void A_header_longer_than_the_file_is_refused()
    {
        var bytes = (byte[])GoodBytes.Clone();
        foreach (var length in (ulong[])[(ulong)bytes.Length - 7, 1UL << 31, 1UL << 32, long.MaxValue, ulong.MaxValue, ulong.MaxValue - 7])
        {
            BitConverter.TryWriteBytes(bytes, length);
            Assert.That(Reason(bytes), Does.Contain($"header of {length} bytes does not fit in a file of {bytes.Length}"));
        }
    }

    [Test]
    public void A_header_beyond_the_formats_limit_is_refused_though_the_file_holds_it()
    {
        using var folder = new TemporaryFolder();
        using (var stream = File.Create(folder["sparse"]))
        {
            stream.Write(BitConverter.GetBytes(100_000_001L));
            stream.SetLength(100_000_009); // a hole: no disk is used
        }

        Assert.That(Damage.ReasonFor(folder["sparse"], path => SafeTensorsFile.Open(path)), Does.Contain("longer than 100000000"));
    }

    [Test]
    public void A_header_that_is_not_utf8_is_refused()
    {
        foreach (var invalid in (byte[][])[[0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80]])
        {
            byte[] header = [.. """{"__metadata__":{"k":" """u8, .. invalid, .. "\"}}"u8];
            Assert.That(Reason(SafeTensorsBytes.Make(header, [])), Does.Contain("not UTF-8"));
        }
    }

    [Test]
    public void Deep_nesting_is_refused()
    {
        var deep = "{\"x\":" + new string('[', 100_000) + new string(']', 100_000) + "}";
        Assert.That(Reason(SafeTensorsBytes.Make(deep, [])), Does.Contain("'x' is not an object"));
        deep = "{\"x\":{\"shape\":" + new string('[', 100_000) + new string(']', 100_000) + "}}";
        Assert.That(Reason(SafeTensorsBytes.Make(deep, [])), Does.Contain("not").And.Length.LessThan(300));
    }

    [Test]
    public void A_long_or_hostile_name_makes_a_short_one_line_message()
    {
        var name = "a\\n" + new string('b', 100_000);
        var reason = Reason(SafeTensorsBytes.Make($$"""{"{{name}}":3}""", []));
        Assert.That(reason, Does.Contain("100002 characters").And.Length.LessThan(400));
    }

    [Test]
    public void Values_without_a_place_in_our_types_are_refused_when_asked_for()
    {
        var boolean = SafeTensorsBytes.Make("""{"m":{"dtype":"BOOL","shape":[3],"data_offsets":[0,3]}}""", [0, 1, 2]);
        Assert.That(Reason(boolean), Does.Contain("'m'").And.Contains("boolean 2"));
        var large = SafeTensorsBytes.Make("""{"u":{"dtype":"U64","shape":[1],"data_offsets":[0,8]}}""", [0, 0, 0, 0, 0, 0, 0, 0x80]);
        Assert.That(Reason(large), Does.Contain("'u'").And.Contains("9223372036854775808"));
    }

    [Test]
    public void Truncations_are_refused() => Damage.TruncationsAreRefused(GoodBytes, Load);

    [Test]
    public void Random_damage_is_refused_or_harmless() => Damage.FlipsDoNoHarm(GoodBytes, Load);

    [Test]
    public void A_missing_file_a_missing_folder_and_a_folder_are_told_apart()
    {
        using var folder = new TemporaryFolder();
        Assert.That(Damage.ReasonFor(folder["none"], Load), Does.EndWith("no such file"));
        Assert.That(Damage.ReasonFor(Path.Combine(folder["none"], "x"), Load), Does.EndWith("no such folder"));
        Directory.CreateDirectory(folder["some"]);
        Assert.That(Damage.ReasonFor(folder["some"], Load), Does.EndWith("is a folder"));
    }

    private static string Reason(byte[] bytes)
    {
        using var folder = new TemporaryFolder();
        return Damage.ReasonFor(folder.Write("file", bytes), Load);
    }

    private static void Open(byte[] bytes)
    {
        using var folder = new TemporaryFolder();
        Load(folder.Write("file", bytes));
    }

    private static void Load(string path)
    {
        using var file = SafeTensorsFile.Open(path);
        foreach (var (_, array) in file.Arrays) Assert.That(array.Bytes.Length, Is.EqualTo(array.ByteCount));
    }
}
