namespace Noether;

/// <summary>Writes files whole or not at all.</summary>
public static class AtomicFile
{
    private const int BufferSize = 1 << 16;

    /// <summary>
    /// Lets <paramref name="write"/> fill a temporary file in the folder of <paramref name="path"/>, flushes it to the disk and renames it to
    /// <paramref name="path"/>. Whatever fails, the file that was there before is untouched and the temporary file is deleted.
    /// </summary>
    /// <param name="path">The file to create or replace. Its folder must exist. A symbolic link is replaced, not followed.</param>
    /// <param name="write">Writes the content. The stream can seek. An exception from here goes to the caller unchanged, unless the file
    /// system raised it.</param>
    /// <exception cref="FileFormatException">The file system refused: no such folder, access denied, disk full.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        // Refused before the content is made: renaming onto a folder would fail only after all the work.
        if (Directory.Exists(path)) throw FileErrors.Broken(path, "is a folder");

        var full = Path.GetFullPath(path);
        // A dot and a suffix keep it out of listings and patterns such as *.safetensors; the key keeps concurrent writers apart.
        var temporary = Path.Combine(Path.GetDirectoryName(full)!, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize))
            {
                write(stream);
                stream.Flush(flushToDisk: true); // a rename that reaches the disk before its content would leave an empty file
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception error)
        {
            Discard(temporary);
            if (error is IOException or UnauthorizedAccessException)
                throw FileErrors.Broken(path, $"cannot be written: {FileErrors.Reason(path, error)}", error);
            throw;
        }
    }

    // The error that brought us here says more than a failure to clean up after it.
    private static void Discard(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }
}
