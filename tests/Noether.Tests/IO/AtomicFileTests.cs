namespace Noether.Tests.IO;

public sealed class AtomicFileTests
{
    [Test]
    public void Writes_a_new_file_and_leaves_nothing_else()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.Write(folder["new"], stream => stream.Write([1, 2, 3]));
        Assert.That(File.ReadAllBytes(folder["new"]), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(folder.Names, Is.EqualTo(new[] { "new" }));
    }

    [Test]
    public void Replaces_a_longer_file_whole()
    {
        using var folder = new TemporaryFolder();
        folder.Write("old", new byte[1000]);
        AtomicFile.Write(folder["old"], stream => stream.WriteByte(9));
        Assert.That(File.ReadAllBytes(folder["old"]), Is.EqualTo(new byte[] { 9 }));
    }

    [Test]
    public void An_interrupted_write_leaves_the_old_file_and_no_other()
    {
        using var folder = new TemporaryFolder();
        folder.Write("old", [1, 2, 3]);
        Assert.Throws<OperationCanceledException>(() => AtomicFile.Write(folder["old"], stream =>
        {
            stream.Write(new byte[100_000]); // beyond the buffer, so that some of it has reached the file
            throw new OperationCanceledException();
        }));
        Assert.That(File.ReadAllBytes(folder["old"]), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(folder.Names, Is.EqualTo(new[] { "old" }));
    }

    [Test]
    public void An_error_of_the_file_system_names_the_file_and_keeps_its_cause()
    {
        using var folder = new TemporaryFolder();
        folder.Write("old", [1]);
        var error = Assert.Throws<FileFormatException>(() => AtomicFile.Write(folder["old"], _ => throw new IOException("disk full")))!;
        Assert.That(error.Message, Is.EqualTo($"{folder["old"]}: cannot be written: disk full"));
        Assert.That(error.InnerException, Is.TypeOf<IOException>());
        Assert.That(folder.Names, Is.EqualTo(new[] { "old" }));
    }

    [Test]
    public void A_missing_folder_or_a_folder_as_target_is_refused()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder["none"], "file");
        Assert.That(Assert.Throws<FileFormatException>(() => AtomicFile.Write(path, _ => { }))!.Message, Is.EqualTo($"{path}: cannot be written: no such folder"));
        Directory.CreateDirectory(folder["some"]);
        Assert.That(Assert.Throws<FileFormatException>(() => AtomicFile.Write(folder["some"], _ => { }))!.Message, Does.Contain("is a folder"));
    }

    [Test]
    public void The_content_can_be_sought_and_patched()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.Write(folder["file"], stream =>
        {
            stream.Write([0, 5]);
            stream.Position = 0;
            stream.WriteByte(4);
        });
        Assert.That(File.ReadAllBytes(folder["file"]), Is.EqualTo(new byte[] { 4, 5 }));
    }
}
