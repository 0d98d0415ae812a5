namespace Noether.Nn.Tests;

public class CheckpointTests
{
    private string path = "";

    private static Parameters Small => Parameters.Of(("b.weight", Tensor.From([1f, 2])), ("a.bias", Tensor.From([3.0])), ("count", Tensor.From(4, DType.Int64)));

    [SetUp]
    public void ChooseFile() => path = Path.Combine(Path.GetTempPath(), $"noether-{Guid.NewGuid():N}.safetensors");

    [TearDown]
    public void DeleteFile() => File.Delete(path);

    [Test]
    public void Parameters_come_back_with_names_types_values_and_the_order_asked_for()
    {
        Checkpoint.SaveParameters(path, Small, new Dictionary<string, string> { ["epoch"] = "3" });
        var back = Checkpoint.LoadParameters(path, Small);
        Assert.That(back.Names, Is.EqualTo(Small.Names));
        Assert.That(back.Leaves.Select(x => x.DType), Is.EqualTo(Small.Leaves.Select(x => x.DType)));
        Assert.That(back.ToVector().ToArray<double>(), Is.EqualTo([1.0, 2, 3, 4]));
        Assert.That(Checkpoint.LoadParameters(path).Names, Is.EquivalentTo(Small.Names));
        Assert.That(Checkpoint.Notes(path)["epoch"], Is.EqualTo("3"));
    }

    [Test]
    public void Another_model_is_refused_by_the_first_tensor_that_does_not_fit()
    {
        Checkpoint.SaveParameters(path, Small);
        void Refuses(Parameters like, string reason) => Assert.That(
            () => Checkpoint.LoadParameters(path, like), Throws.TypeOf<FileFormatException>().With.Message.Contains(path).And.Message.Contains(reason));

        Refuses(Small.Merge(Parameters.Of(("c", Tensor.From([1f])))), "'c' is missing");
        Refuses(Small.Where(name => name != "a.bias"), "'a.bias' is not expected");
        Refuses(Small.With("b.weight", Tensor.Ones([3])), "'b.weight' is float32[2], expected float32[3]");
        Refuses(Small.With("a.bias", Tensor.Ones([1])), "'a.bias' is float64[1], expected float32[1]");
    }

    [Test]
    public void A_missing_file_is_named() =>
        Assert.That(() => Checkpoint.LoadParameters(path), Throws.TypeOf<FileFormatException>().With.Message.Contains(path));
}
