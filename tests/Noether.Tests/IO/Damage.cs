namespace Noether.Tests.IO;

/// <summary>What a reader must survive, whatever its format.</summary>
internal static class Damage
{
    // A few times the largest buffer that a reader of these tiny files has a reason for.
    private const long MostAllocated = 16 << 20;

    /// <summary>Every proper prefix of a good file is refused.</summary>
    public static void TruncationsAreRefused(byte[] good, Action<string> read)
    {
        using var folder = new TemporaryFolder();
        for (var length = 0; length < good.Length; length++)
        {
            var path = folder.Write("cut", good.AsSpan(0, length));
            Assert.That(Refuses(path, read), Is.True, $"the first {length} of {good.Length} bytes were accepted");
        }
    }

    /// <summary>Random bytes are overwritten: a reader may accept the result or refuse it, but nothing else.</summary>
    public static void FlipsDoNoHarm(byte[] good, Action<string> read, int rounds = 500)
    {
        using var folder = new TemporaryFolder();
        var random = new Random(1);
        var bytes = new byte[good.Length];
        for (var round = 0; round < rounds; round++)
        {
            good.CopyTo(bytes, 0);
            // Half the rounds aim at the start, where the headers are.
            var reach = round % 2 == 0 ? bytes.Length : Math.Min(bytes.Length, 128);
            for (var flips = random.Next(1, 4); flips > 0; flips--) bytes[random.Next(reach)] = (byte)random.Next(256);
            var path = folder.Write("flipped", bytes);
            try
            {
                Refuses(path, read);
            }
            catch (Exception error) when (error is not AssertionException)
            {
                Assert.Fail($"round {round} of the seeded flips: {error}\n{Convert.ToHexString(bytes)}");
            }
        }
    }

    /// <summary>True if the reader refuses the file as it should: one line that begins with the file, and no memory wasted.</summary>
    public static bool Refuses(string path, Action<string> read)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            read(path);
            return false;
        }
        catch (FileFormatException error)
        {
            Assert.That(error.Message, Does.StartWith(path).And.Not.Contains("\n"));
            return true;
        }
        finally
        {
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(MostAllocated), "allocated by a false claim");
        }
    }

    /// <summary>The message of a refusal.</summary>
    public static string ReasonFor(string path, Action<string> read)
    {
        var error = Assert.Throws<FileFormatException>(() => read(path))!;
        Assert.That(error.Message, Does.StartWith(path).And.Not.Contains("\n"));
        return error.Message;
    }
}
