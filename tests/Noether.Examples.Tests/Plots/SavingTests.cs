using Noether.Plots;

namespace Noether.Examples.Tests.Plots;

public sealed class SavingTests
{
    private static readonly Figure Plain = new Figure("Plain").Line([1.0, 2.0, 1.5]);

    [Test]
    public void Saving_makes_the_folder_and_leaves_one_file()
    {
        using var folder = new TemporaryFolder();

        Plain.Save(folder["deep/er/loss.png"]);

        Assert.That(Directory.GetFiles(folder["deep/er"]).Select(Path.GetFileName), Is.EqualTo(["loss.png"]));
    }

    [Test]
    public void The_extension_chooses_the_format()
    {
        using var folder = new TemporaryFolder();
        Plain.Save(folder["loss.PNG"]);
        Plain.Save(folder["loss.svg"]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(File.ReadAllBytes(folder["loss.PNG"]).AsSpan(1, 3).ToArray(), Is.EqualTo("PNG"u8.ToArray()));
            Assert.That(File.ReadAllText(folder["loss.svg"]), Does.Contain("<svg"));
            Assert.That(() => Plain.Save(folder["loss.gif"]), Throws.TypeOf<FigureException>().With.Message.Contains(".png or .svg"));
        }
    }

    [Test]
    public void A_save_that_fails_leaves_the_old_target_and_no_rubbish()
    {
        using var folder = new TemporaryFolder();
        // a folder where the file should go: the rename fails after the temporary file is complete
        Directory.CreateDirectory(folder["loss.png"]);
        File.WriteAllText(Path.Combine(folder["loss.png"], "old"), "old");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => Plain.Save(folder["loss.png"]), Throws.InstanceOf<IOException>().Or.InstanceOf<UnauthorizedAccessException>());
            Assert.That(folder.Names, Is.EqualTo(["loss.png"]));
            Assert.That(File.ReadAllText(Path.Combine(folder["loss.png"], "old")), Is.EqualTo("old"));
        }
    }

    [Test]
    public void Saving_again_replaces_the_file()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["loss.png"], "old");

        Plain.Save(folder["loss.png"]);

        Assert.That(File.ReadAllBytes(folder["loss.png"]), Is.EqualTo(Plain.ToPng()));
    }
}
