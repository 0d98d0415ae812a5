using static Noether.Transform;

namespace Noether.Tests.Tensors;

[Parallelizable(ParallelScope.All)]
public sealed class PrintingTests
{
    [Test]
    public void A_matrix_prints_row_by_row() =>
        Assert.That(Tensor.From(new[,] { { 1.0, -2.5 }, { 0, 10 } }, Device.Host).ToString(),
            Is.EqualTo("[[ 1.0000, -2.5000],\n [ 0.0000, 10.0000]] float64[2, 2]"));

    [Test]
    public void Whole_numbers_print_short() => Assert.That(Tensor.From([1f, 2f], device: Device.Host).ToString(), Is.EqualTo("[1., 2.] float32[2]"));

    [Test]
    public void Scalars_integers_and_truth_values_print_plainly()
    {
        Assert.That(Tensor.From(3, device: Device.Host).ToString(), Is.EqualTo("3 int32[]"));
        Assert.That(Tensor.From([true, false], device: Device.Host).ToString(), Is.EqualTo("[ true, false] bool[2]"));
        Assert.That(Tensor.Zeros([0, 2], device: Device.Host).ToString(), Is.EqualTo("[] float32[0, 2]"));
    }

    [Test]
    public void Long_axes_are_shortened() =>
        Assert.That(Tensor.Arange(2000, device: Device.Host).ToString(), Is.EqualTo("[   0,    1,    2, …, 1997, 1998, 1999] int32[2000]"));

    [Test]
    public void A_traced_tensor_prints_its_type()
    {
        string? text = null;
        Grad(x =>
        {
            text = x.ToString();
            return x.Sum();
        })(Tensor.Ones([2], device: Device.Host));
        Assert.That(text, Is.EqualTo("float32[2] (traced)"));
    }
}
