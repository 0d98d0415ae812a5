namespace Noether.Kernels.Tests;

public sealed class KernelStoreTests
{
    private const string Key = "cuda SM_90\nMatMulKernel";

    private string folder = null!;
    private KernelStore store = null!;

    [SetUp]
    public void Create()
    {
        folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName(), "kernels");
        store = new(folder);
    }

    [TearDown]
    public void Delete()
    {
        if (Directory.Exists(folder)) Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);
    }

    [Test]
    public void What_is_kept_is_found_by_its_key_alone()
    {
        var kernel = new StoredKernel(".version 8.0\n// two lines\n", 1024, HasDynamicShared: true);
        Assert.That(store.Find(Key), Is.Null);
        store.Keep(Key, kernel);
        Assert.That(store.Find(Key), Is.EqualTo(kernel));
        Assert.That(new KernelStore(folder).Find(Key), Is.EqualTo(kernel), "another process");
        Assert.That(store.Find(Key + " 2"), Is.Null);
        store.Keep(Key, kernel with { Text = "other" });
        Assert.That(store.Find(Key)!.Text, Is.EqualTo("other"));
        Assert.That(Directory.GetFiles(folder), Has.Length.EqualTo(1));
    }

    [Test]
    public void A_broken_file_or_another_keys_counts_as_absent_and_is_replaced([Values("cut", "changed", "foreign", "other")] string what)
    {
        var kernel = new StoredKernel(".version 8.0", 0, HasDynamicShared: false);
        store.Keep(Key, kernel);
        var file = Directory.GetFiles(folder).Single();
        var text = File.ReadAllText(file);
        if (what == "other")
        {
            store.Keep("another", kernel);
            File.Copy(Directory.GetFiles(folder).Single(each => each != file), file, overwrite: true);
        }
        else
        {
            File.WriteAllText(file, what switch { "cut" => text[..^3], "changed" => text.Replace("8.0", "8.1", StringComparison.Ordinal), _ => "hello" });
        }

        Assert.That(store.Find(Key), Is.Null);
        store.Keep(Key, kernel);
        Assert.That(store.Find(Key), Is.EqualTo(kernel));
    }

    [Test]
    public void Where_nothing_can_be_written_nothing_fails()
    {
        var file = Path.GetTempFileName(); // a file is no folder
        var nowhere = new KernelStore(Path.Combine(file, "kernels"));
        nowhere.Keep(Key, new("text", 0, false));
        Assert.That(nowhere.Find(Key), Is.Null);
        File.Delete(file);
    }

    [Test]
    public void Old_files_are_deleted()
    {
        store.Keep(Key, new("text", 0, false));
        File.SetLastWriteTimeUtc(Directory.GetFiles(folder).Single(), DateTime.UtcNow - TimeSpan.FromDays(31));
        new KernelStore(folder).Keep("another", new("text", 0, false));
        Assert.That(store.Find(Key), Is.Null);
    }

    [Test]
    public void The_environment_names_the_folder_or_turns_it_off()
    {
        Assert.That(KernelStore.FolderOf("off", "/caches"), Is.Null);
        Assert.That(KernelStore.FolderOf("/mine", "/caches"), Is.EqualTo("/mine"));
        Assert.That(KernelStore.FolderOf(null, "/caches"), Is.EqualTo(Path.Combine("/caches", "noether", "kernels")));
        Assert.That(KernelStore.FolderOf(" ", null), Is.Null.Or.EndsWith(Path.Combine("noether", "kernels")));
    }
}
