using System.Text;

namespace Noether;

/// <summary>One wording for everything that can go wrong with a file: its name first, then the reason, on one line.</summary>
internal static class FileErrors
{
    private const int LongestName = 80;

    public static FileFormatException Broken(string file, string reason, Exception? inner = null) =>
        new($"{file}: {reason}", inner);

    /// <summary>Runs <paramref name="read"/>; what the file system and the decompressors raise becomes a <see cref="FileFormatException"/>.</summary>
    public static T Reading<T>(string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (EndOfStreamException error)
        {
            throw Broken(file, "ends early", error);
        }
        catch (InvalidDataException error)
        {
            throw Broken(file, $"is damaged ({OneLine(error.Message)})", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException) // the last: a pipe has no length
        {
            throw Broken(file, Reason(file, error), error);
        }
    }

    /// <summary>Why the file system refused.</summary>
    public static string Reason(string file, Exception error) => error switch
    {
        FileNotFoundException => "no such file",
        DirectoryNotFoundException => "no such folder",
        _ when Directory.Exists(file) => "is a folder",
        UnauthorizedAccessException => "access denied",
        _ => OneLine(error.Message),
    };

    /// <summary>A name from a file, fit for a message: quoted, on one line, of bounded length.</summary>
    public static string Quote(string name) =>
        name.Length <= LongestName ? $"'{OneLine(name)}'" : $"'{OneLine(name[..LongestName])}…' ({name.Length} characters)";

    private static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var c in text) line.Append(char.IsControl(c) ? ' ' : c);
        return line.ToString();
    }
}
