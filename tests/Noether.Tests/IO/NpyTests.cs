using System.IO.Pipes;
using System.Text;

namespace Noether.Tests.IO;

public sealed class NpyTests
{
    private const string Good = "{'descr': '<i2', 'fortran_order': True, 'shape': (2, 3), }    \n";

    private static readonly byte[] GoodBytes = NpyBytes.Make(Good, new byte[12]);

    [Test]
    public void Every_type_and_shape_comes_back_as_it_went()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, array) in SampleArrays.All())
        {
            NpyFile.Write(folder["array.npy"], array);
            var read = NpyFile.Read(folder["array.npy"]);
            if (array.DType != DType.BFloat16)
            {
                SampleArrays.AssertEqual(read, array, name);
                continue;
            }

            var widened = array.As<BFloat16>().ToArray().Select(value => (float)value).ToArray();
            SampleArrays.AssertEqual(read, HostArray.Of<float>(array.Shape, widened), name);
        }

        Assert.That(folder.Names, Is.EqualTo(new[] { "array.npy" }));
    }

    [Test]
    public void Large_arrays_pass_through_all_their_chunks()
    {
        using var folder = new TemporaryFolder();
        var values = Enumerable.Range(0, 200_003).Select(i => (BFloat16)i).ToArray();
        NpyFile.Write(folder["x"], HostArray.Of<BFloat16>([values.Length], values));
        var read = NpyFile.Read(folder["x"]).As<float>();
        for (var i = 0; i < values.Length; i++)
        {
            if (read[i] != values[i]) Assert.Fail($"element {i} is {read[i]}, not {values[i]}");
        }
    }

    [TestCase("<f4", new int[0], "{'descr': '<f4', 'fortran_order': False, 'shape': (), }")]
    [TestCase("<f4", new[] { 3 }, "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }")]
    [TestCase("<f4", new[] { 3, 4 }, "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }")]
    public void Writes_the_header_of_numpy(string _, int[] shape, string header)
    {
        using var folder = new TemporaryFolder();
        var array = SampleArrays.Make(DType.Float32, Shape.Create(shape));
        NpyFile.Write(folder["x"], array);
        var padded = header.PadRight(128 - 11) + "\n";
        Assert.That(File.ReadAllBytes(folder["x"]), Is.EqualTo(NpyBytes.Make(padded, array.Bytes.ToArray())));
    }

    [TestCase("|u1", "00FF", new[] { 0.0, 255 })]
    [TestCase("|i1", "7F80", new[] { 127.0, -128 })]
    [TestCase(">i2", "FFFF8000", new[] { -1.0, -32768 })]
    [TestCase(">u2", "FFFF0001", new[] { 65535.0, 1 })]
    [TestCase(">i4", "FFFFFFFE00000001", new[] { -2.0, 1 })]
    [TestCase(">f2", "3C00C000", new[] { 1.0, -2 })]
    [TestCase(">f4", "3F800000C0000000", new[] { 1.0, -2 })]
    [TestCase(">f8", "3FF0000000000000C000000000000000", new[] { 1.0, -2 })]
    [TestCase(">i8", "0000010000000000FFFFFFFFFFFFFFFF", new[] { 1099511627776.0, -1 })]
    [TestCase(">u4", "FFFFFFFF00000001", new[] { 4294967295.0, 1 })]
    [TestCase("=i4", "0100000002000000", new[] { 1.0, 2 })]
    [TestCase("f4", "0000803F000000C0", new[] { 1.0, -2 })]
    public void Byte_orders_and_narrow_types_are_read(string descriptor, string data, double[] values)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("x", NpyBytes.Make($"{{'descr': '{descriptor}', 'fortran_order': False, 'shape': (2,)}}\n", Convert.FromHexString(data)));
        Assert.That(Numbers(NpyFile.Read(path)), Is.EqualTo(values));
    }

    [TestCase("{'descr': '<i4', 'fortran_order': False, 'shape': (2,)}")]
    [TestCase("{\"shape\":(2L,),\"fortran_order\":False,\"descr\":\"<i4\"}\n")]
    [TestCase("  { 'fortran_order' : False , 'shape' : ( 2 , ) , 'descr' : '<i4' , } \n")]
    [TestCase("{'descr': '<i4', 'fortran_order': True, 'shape': (1, 2, 1,)}\n")]
    public void Every_way_to_write_the_dictionary_is_read(string header)
    {
        using var folder = new TemporaryFolder();
        foreach (byte version in (byte[])[1, 2, 3])
        {
            var path = folder.Write("x", NpyBytes.Make(header, [1, 0, 0, 0, 2, 0, 0, 0], version));
            Assert.That(NpyFile.Read(path).As<int>().ToArray(), Is.EqualTo(new[] { 1, 2 }));
        }
    }

    [TestCase(new[] { 2, 3 })]
    [TestCase(new[] { 3, 1, 2 })]
    [TestCase(new[] { 70, 45 })]
    [TestCase(new[] { 5, 4, 3, 2 })]
    [TestCase(new[] { 33, 2, 1, 3, 40 })]
    [TestCase(new[] { 2, 0, 3 })]
    public void Fortran_order_becomes_row_major(int[] sizes)
    {
        using var folder = new TemporaryFolder();
        var shape = Shape.Create(sizes);
        foreach (var (descriptor, bytes) in (ReadOnlySpan<(string, int)>)[("<i8", 8), ("<i4", 4), ("|b1", 1)])
        {
            // The element at each place holds its row-major number (its lowest bit for booleans), so the result must count up.
            var data = new byte[shape.Size * bytes];
            for (long number = 0; number < shape.Size; number++)
            {
                long rest = number, at = 0;
                for (var axis = sizes.Length - 1; axis >= 0; rest /= sizes[axis--])
                {
                    long stride = 1;
                    for (var before = 0; before < axis; before++) stride *= sizes[before];
                    at += rest % sizes[axis] * stride;
                }

                BitConverter.GetBytes(bytes == 1 ? number & 1 : number).AsSpan(0, bytes).CopyTo(data.AsSpan((int)at * bytes));
            }

            var path = folder.Write("x", NpyBytes.Make($"{{'descr': '{descriptor}', 'fortran_order': True, 'shape': ({string.Join(", ", sizes)})}}\n", data));
            var array = NpyFile.Read(path);
            Assert.That(array.Shape, Is.EqualTo(shape));
            Assert.That(Numbers(array), Is.EqualTo(Enumerable.Range(0, (int)shape.Size).Select(i => bytes == 1 ? i & 1 : (double)i)), descriptor);
        }
    }

    [TestCase("|O", "Python objects")]
    [TestCase("<c8", "complex")]
    [TestCase("|S3", "text")]
    [TestCase("<U3", "text")]
    [TestCase("|V2", "raw bytes")]
    [TestCase("<M8[ns]", "date")]
    [TestCase("<f3", "unknown")]
    [TestCase("<f16", "unknown")]
    [TestCase("", "unknown")]
    [TestCase("<", "unknown")]
    [TestCase("<<f4", "unknown")]
    public void Element_types_that_are_not_read_are_named(string descriptor, string reason) =>
        Assert.That(Reason($"{{'descr': '{descriptor}', 'fortran_order': False, 'shape': (1,)}}", 12), Does.Contain(reason));

    [TestCase("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,)}", 4, "structured")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", 4, "negative size in shape [-1]")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (-1, -1)}", 4, "negative size")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (2147483648,)}", 4, "beyond 2147483647")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 2147483647, 2)}", 4, "overflows")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", 4, "expected an integer")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 2)}", 4, "4 bytes follow the header, but [2147483647, 2] of '<f4' takes 17179869176")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", 3, "3 bytes follow the header")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", 5, "5 bytes follow the header")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (1)}", 4, "a number, not a tuple")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': 1}", 4, "expected '('")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (,)}", 4, "expected an integer")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (1 2)}", 4, "expected ',' or ')'")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (1.0,)}", 4, "expected ',' or ')'")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)", 4, "expected ',' or '}'")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (", 4, "expected an integer")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x", 4, "nothing but padding")]
    [TestCase("{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}", 4, "expected True or False")]
    [TestCase("{'descr': '<f4', 'fortran_order':", 4, "expected True or False")]
    [TestCase("{'descr': '<f4', 'fortran_order': False}", 4, "has no 'shape'")]
    [TestCase("{'descr': '<f4', 'shape': (1,)}", 4, "has no 'fortran_order'")]
    [TestCase("{'fortran_order': False, 'shape': (1,)}", 4, "has no 'descr'")]
    [TestCase("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", 4, "names 'descr' twice")]
    [TestCase("{'descr': '<f4', 'extra': 1}", 4, "unknown key 'extra'")]
    [TestCase("{'descr': '<f4", 4, "a string without an end")]
    [TestCase("{'de\\x73cr': '<f4'}", 4, "an escape")]
    [TestCase("", 4, "expected '{'")]
    [TestCase("__import__('os')", 4, "expected '{'")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}\0", 4, "NUL")]
    [TestCase("{'descr': '|b1', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1)}", 1, "65 axes")]
    public void A_malformed_header_is_refused_with_its_reason(string header, int dataBytes, string reason) =>
        Assert.That(Reason(header, dataBytes), Does.Contain(reason));

    [Test]
    public void A_wrong_magic_version_or_length_is_refused()
    {
        using var folder = new TemporaryFolder();
        Assert.That(Damage.ReasonFor(folder.Write("x", Encoding.UTF8.GetBytes("NUMPY, but as text")), Load), Does.Contain("not an npy file").And.Contains("4E554D5059"));
        Assert.That(Damage.ReasonFor(folder.Write("x", NpyBytes.Make(Good, new byte[12], version: 4)), Load), Does.Contain("version 4.0"));
        Assert.That(Damage.ReasonFor(folder.Write("x", NpyBytes.Make(Good, new byte[12], version: 2, length: -1)), Load), Does.Contain("header of 4294967295 bytes"));
        Assert.That(Damage.ReasonFor(folder.Write("x", NpyBytes.Make(new string(' ', (1 << 20) + 1), [], version: 2)), Load), Does.Contain("longer than"));
        Assert.That(Damage.ReasonFor(folder["none"], Load), Does.EndWith("no such file"));
    }

    [Test]
    public void A_pipe_is_refused()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("opens a pipe through /proc");
        using var pipe = new AnonymousPipeServerStream(PipeDirection.In);
        Damage.ReasonFor($"/proc/self/fd/{pipe.SafePipeHandle.DangerousGetHandle()}", Load);
    }

    [Test]
    public void A_version_3_header_must_be_utf8()
    {
        using var folder = new TemporaryFolder();
        var bytes = NpyBytes.Make(Good, new byte[12], version: 3);
        bytes[bytes.Length - 14] = 0xFF;
        Assert.That(Damage.ReasonFor(folder.Write("x", bytes), Load), Does.Contain("not UTF-8"));
    }

    [Test]
    public void Truncations_are_refused() => Damage.TruncationsAreRefused(GoodBytes, Load);

    [Test]
    public void Random_damage_is_refused_or_harmless() => Damage.FlipsDoNoHarm(GoodBytes, Load);

    private static string Reason(string header, int dataBytes)
    {
        using var folder = new TemporaryFolder();
        return Damage.ReasonFor(folder.Write("x", NpyBytes.Make(header, new byte[dataBytes])), Load);
    }

    private static void Load(string path) => NpyFile.Read(path);

    private static double[] Numbers(HostArray array) => array.DType switch
    {
        DType.Bool => [.. array.As<bool>().ToArray().Select(value => value ? 1.0 : 0)],
        DType.Int32 => [.. array.As<int>().ToArray()],
        DType.Int64 => [.. array.As<long>().ToArray().Select(value => (double)value)],
        DType.Float32 => [.. array.As<float>().ToArray()],
        _ => array.As<double>().ToArray(),
    };
}
