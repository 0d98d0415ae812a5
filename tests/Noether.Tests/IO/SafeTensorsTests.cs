using System.Runtime.CompilerServices;
using System.Text;

namespace Noether.Tests.IO;

public sealed class SafeTensorsTests
{
    [Test]
    public void Every_type_and_shape_comes_back_as_it_went()
    {
        using var folder = new TemporaryFolder();
        var arrays = SampleArrays.All().ToArray();
        SafeTensors.Write(folder["all"], arrays, new Dictionary<string, string> { ["format"] = "pt", ["Ω \"quoted\""] = "line\nbreak" });
        using var file = SafeTensorsFile.Open(folder["all"]);
        Assert.That(file.Names, Is.EquivalentTo(arrays.Select(entry => entry.Name)));
        foreach (var (name, array) in arrays) SampleArrays.AssertEqual(file.Arrays[name], array, name);
        Assert.That(file.Metadata, Is.EqualTo(new Dictionary<string, string> { ["format"] = "pt", ["Ω \"quoted\""] = "line\nbreak" }));
        Assert.That(folder.Names, Is.EqualTo(new[] { "all" }));
    }

    // The three files that the reference implementation's own tests expect.
    [TestCase("attn.0", new[] { 1, 2, 3 }, """{"attn.0":{"dtype":"F32","shape":[1,2,3],"data_offsets":[0,24]}}""")]
    [TestCase("attn0", new[] { 1, 1, 2, 3 }, """{"attn0":{"dtype":"F32","shape":[1,1,2,3],"data_offsets":[0,24]}}       """)]
    public void Writes_the_bytes_of_the_reference_implementation(string name, int[] shape, string header)
    {
        using var folder = new TemporaryFolder();
        SafeTensors.Write(folder["file"], [(name, HostArray.Of<float>(Shape.Create(shape), [0, 1, 2, 3, 4, 5]))]);
        byte[] data = [.. new float[] { 0, 1, 2, 3, 4, 5 }.SelectMany(BitConverter.GetBytes)];
        Assert.That(File.ReadAllBytes(folder["file"]), Is.EqualTo(SafeTensorsBytes.Make(header, data)));
    }

    [Test]
    public void Writes_no_array_at_all_as_the_reference_implementation_does()
    {
        using var folder = new TemporaryFolder();
        SafeTensors.Write(folder["file"], [], new Dictionary<string, string> { ["framework"] = "pt" });
        Assert.That(File.ReadAllBytes(folder["file"]), Is.EqualTo(SafeTensorsBytes.Make("""{"__metadata__":{"framework":"pt"}}     """, [])));
        using var file = SafeTensorsFile.Open(folder["file"]);
        Assert.That(file.Names, Is.Empty);
    }

    [Test]
    public void Wider_types_come_first_and_names_are_sorted()
    {
        using var folder = new TemporaryFolder();
        string[] expected = ["int64", "float64", "float32", "int32", "bfloat16", "bool.a", "bool.b"];
        SafeTensors.Write(folder["file"], expected.Reverse().Select(name =>
            (name, SampleArrays.Make(Enum.GetValues<DType>().Single(type => name.Split('.')[0] == type.Name()), [3]))));
        using var file = SafeTensorsFile.Open(folder["file"]);
        Assert.That(file.Names, Is.EqualTo(expected));
        Assert.That(file.Arrays.Keys, Is.EqualTo(expected));
        Assert.That(file.Arrays.Select(entry => entry.Value.DType.Name()), Is.EqualTo(expected.Select(name => name.Split('.')[0])));
    }

    [TestCase("U8", "00FF", DType.Int32, new[] { 0.0, 255 })]
    [TestCase("I8", "7F80", DType.Int32, new[] { 127.0, -128 })]
    [TestCase("U16", "FFFF0100", DType.Int32, new[] { 65535.0, 1 })]
    [TestCase("I16", "FFFF0080", DType.Int32, new[] { -1.0, -32768 })]
    [TestCase("U32", "FFFFFFFF01000000", DType.Int64, new[] { 4294967295.0, 1 })]
    [TestCase("U64", "00000000000000400100000000000000", DType.Int64, new[] { 4611686018427387904.0, 1 })]
    [TestCase("F16", "003C0180", DType.Float32, new[] { 1.0, -5.9604644775390625e-8 })]
    public void Types_without_a_counterpart_widen(string dtype, string data, DType expected, double[] values)
    {
        using var folder = new TemporaryFolder();
        var bytes = Convert.FromHexString(data);
        var path = folder.Write("file", SafeTensorsBytes.Make(
            $$$"""{"x":{"dtype":"{{{dtype}}}","shape":[2],"data_offsets":[0,{{{bytes.Length}}}]}}""", bytes));
        using var file = SafeTensorsFile.Open(path);
        var array = file.Arrays["x"];
        Assert.That(array.DType, Is.EqualTo(expected));
        double[] read = expected switch
        {
            DType.Int32 => [.. array.As<int>().ToArray()],
            DType.Int64 => [.. array.As<long>().ToArray().Select(value => (double)value)],
            _ => [.. array.As<float>().ToArray()],
        };
        Assert.That(read, Is.EqualTo(values));
    }

    [Test]
    public void Every_float16_widens_to_the_same_number()
    {
        using var folder = new TemporaryFolder();
        var halves = Enumerable.Range(0, 65536).Select(bits => BitConverter.UInt16BitsToHalf((ushort)bits)).ToArray();
        var path = folder.Write("file", SafeTensorsBytes.Make(
            """{"x":{"dtype":"F16","shape":[65536],"data_offsets":[0,131072]}}""", [.. halves.SelectMany(BitConverter.GetBytes)]));
        using var file = SafeTensorsFile.Open(path);
        var wide = file.Arrays["x"].As<float>();
        for (var i = 0; i < halves.Length; i++)
        {
            var expected = (float)halves[i];
            if (BitConverter.SingleToInt32Bits(wide[i]) != BitConverter.SingleToInt32Bits(expected) && !(float.IsNaN(wide[i]) && float.IsNaN(expected)))
                Assert.Fail($"half 0x{i:X4} became {wide[i]:R}, not {expected:R}");
        }
    }

    [Test]
    public void Unaligned_data_is_read_into_aligned_memory()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("file", SafeTensorsBytes.Make(
            """{"b":{"dtype":"BOOL","shape":[],"data_offsets":[0,1]},"x":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}}""",
            [1, .. BitConverter.GetBytes(2.5f)]));
        using var file = SafeTensorsFile.Open(path);
        Assert.That(file.Arrays["b"].As<bool>().ToArray(), Is.EqualTo(new[] { true }));
        var x = file.Arrays["x"];
        Assert.That(x.As<float>().ToArray(), Is.EqualTo(new[] { 2.5f }));
        unsafe
        {
            Assert.That((nint)x.Pointer % sizeof(float), Is.EqualTo((nint)0));
        }
    }

    [Test]
    public void Names_follow_the_header_and_offsets_may_not()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("file", SafeTensorsBytes.Make(
            """{"b":{"data_offsets":[1,2],"shape":[1],"dtype":"U8"},"a":{"dtype":"U8","shape":[1,1],"data_offsets":[0,1]}}  """, [5, 6]));
        using var file = SafeTensorsFile.Open(path);
        Assert.That(file.Names, Is.EqualTo(new[] { "b", "a" }));
        Assert.That(file.Arrays["b"].As<int>()[0], Is.EqualTo(6));
        Assert.That(file.Arrays["a"].As<int>()[0], Is.EqualTo(5));
    }

    [Test]
    public void Arrays_outlive_their_file()
    {
        using var folder = new TemporaryFolder();
        SafeTensors.Write(folder["file"], [("x", HostArray.Of<int>([3], [1, 2, 3]))]);
        var file = SafeTensorsFile.Open(folder["file"]);
        var array = file.Arrays["x"];
        file.Dispose();
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _ = file.Arrays["x"]);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.That(array.As<int>().ToArray(), Is.EqualTo(new[] { 1, 2, 3 }));
        GC.KeepAlive(array);
    }

    [Test]
    public void The_mapping_goes_with_its_last_array()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("reads /proc/self/maps");
        using var folder = new TemporaryFolder();
        SafeTensors.Write(folder["mapped"], [("x", HostArray.Of<int>([3], [1, 2, 3]))]);
        bool Mapped() => File.ReadAllText("/proc/self/maps").Contains(folder["mapped"]);

        SafeTensorsFile.Open(folder["mapped"]).Dispose();
        Assert.That(Mapped(), Is.False, "disposing unmaps at once where no array was handed out");
        OpenAndForget(folder["mapped"]);
        for (var tries = 0; tries < 10 && Mapped(); tries++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.That(Mapped(), Is.False, "the collector unmaps");
    }

    [Test]
    public void A_name_that_is_not_there_is_an_error_that_lists_what_is()
    {
        using var folder = new TemporaryFolder();
        SafeTensors.Write(folder["file"], [("weight", HostArray.Of<int>([1], [1]))]);
        using var file = SafeTensorsFile.Open(folder["file"]);
        Assert.That(Damage.ReasonFor(folder["file"], _ => file.Arrays["bias"].CopyTo(Stream.Null)), Does.Contain("'bias'").And.Contains("'weight'"));
        Assert.That(file.Arrays.TryGetValue("bias", out _), Is.False);
        Assert.That(file.Arrays.ContainsKey("weight"), Is.True);
    }

    [Test]
    public void Names_that_cannot_be_written_are_refused_and_the_old_file_stays()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("file", [1]);
        var one = HostArray.Of<int>([1], [1]);
        Assert.That(Damage.ReasonFor(path, _ => SafeTensors.Write(path, [("x", one), ("x", one)])), Does.Contain("'x' is there twice"));
        Assert.That(Damage.ReasonFor(path, _ => SafeTensors.Write(path, [("__metadata__", one)])), Does.Contain("reserved"));
        Assert.That(Damage.ReasonFor(path, _ => SafeTensors.Write(path, [("\uD800", one)])), Does.Contain("not Unicode"));
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(new byte[] { 1 }));
        Assert.That(folder.Names, Is.EqualTo(new[] { "file" }));
    }

    [Test]
    public void A_header_of_many_names_is_read_quickly()
    {
        using var folder = new TemporaryFolder();
        SafeTensors.Write(folder["many"], Enumerable.Range(0, 20_000).Select(i => ($"layers.{i}.weight", HostArray.Of<float>([1], [i]))));
        using var file = SafeTensorsFile.Open(folder["many"]);
        Assert.That(file.Names, Has.Count.EqualTo(20_000));
        Assert.That(file.Arrays["layers.12345.weight"].As<float>()[0], Is.EqualTo(12345f));
        Assert.That(Encoding.UTF8.GetByteCount(file.Names[0]), Is.EqualTo("layers.0.weight".Length));
    }

    // Not inlined: a local of the test would keep the file alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void OpenAndForget(string path) => Assert.That(SafeTensorsFile.Open(path).Arrays["x"].Bytes.Length, Is.EqualTo(12));
}
