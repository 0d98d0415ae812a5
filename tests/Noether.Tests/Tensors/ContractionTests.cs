using Noether.Primitives;
using static Noether.Transform;

namespace Noether.Tests.Tensors;

public class ContractionTests
{
    private static readonly Tensor X = Sampling.Values([2, 3, 4]);
    private static readonly Tensor Y = Sampling.Values([4, 3, 5], seed: 1);
    private static readonly Tensor A = Tensor.From([1f, 2, 3, 4, 5, 6], [2, 3], Device.Host);

    [Test]
    public void TensorDot_and_its_kin_are_einsums()
    {
        Same(X.TensorDot(Y, [2, 1], [0, 1]), Tensor.Einsum("ijk,kjl->il", X, Y));
        Same(X.TensorDot(Y, 1), Tensor.Einsum("ijk,klm->ijlm", X, Y));
        Same(X.TensorDot(Y, 0), Tensor.Einsum("ijk,lmn->ijklmn", X, Y));
        Same(X.Inner(Sampling.Values([5, 4])), Tensor.Einsum("ijk,lk->ijl", X, Sampling.Values([5, 4])));
        Same(A.To(DType.Float64).Outer(Y), Tensor.Einsum("i,j->ij", A.Flatten().To(DType.Float64), Y.Flatten()));
    }

    [Test]
    public void Kron_places_blocks()
    {
        var b = Tensor.From([1f, 10], [1, 2], Device.Host);
        Assert.That(A.Kron(b).ToArray<float>(), Is.EqualTo([1f, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60]));
        Assert.That(A.Kron(Tensor.From([1f, 10], null, Device.Host)).Shape, Is.EqualTo(Shape.Create([2, 6])));
        Assert.That(b.Transpose().Kron(A).ToArray<float>(), Is.EqualTo([1f, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60]));
    }

    [Test]
    public void Cross_is_perpendicular()
    {
        Tensor u = Sampling.Values([4, 3]), v = Sampling.Values([3], seed: 1);
        var w = u.Cross(v);
        Assert.That((w * u).Sum(-1).ToArray<double>(), Is.All.EqualTo(0).Within(1e-14)); // six products below 16, cancelling
        Assert.That((w * v).Sum(-1).ToArray<double>(), Is.All.EqualTo(0).Within(1e-14));
        Tensor e = Tensor.From([1f, 0, 0], null, Device.Host), f = Tensor.From([0f, 1, 0], null, Device.Host);
        Assert.That(e.Cross(f).ToArray<float>(), Is.EqualTo([0f, 0, 1]));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(3)]
    [TestCase(-1)]
    [TestCase(-2)]
    public void Diagonals_triangles_and_back(int offset)
    {
        double[] a = A.ToArray<double>();
        var diagonal = new List<double>();
        for (var i = 0; i < 2; i++)
        {
            for (var j = 0; j < 3; j++)
                if (j - i == offset) diagonal.Add(a[i * 3 + j]);
        }

        Assert.That(A.Diagonal(offset).ToArray<double>(), Is.EqualTo(diagonal));
        Assert.That(A.Trace(offset).Item(), Is.EqualTo(diagonal.Sum()));
        Assert.That(A.Transpose().Diagonal(-offset).ToArray<double>(), Is.EqualTo(diagonal));
        Assert.That(A.LowerTriangle(offset).ToArray<double>(), Is.EqualTo(a.Select((v, i) => i % 3 <= i / 3 + offset ? v : 0)));
        Assert.That(A.UpperTriangle(offset).ToArray<double>(), Is.EqualTo(a.Select((v, i) => i % 3 >= i / 3 + offset ? v : 0)));
        Assert.That(Grad(x => x.Trace(offset))(A).ToArray<double>(), Is.EqualTo(a.Select((_, i) => i % 3 == i / 3 + offset ? 1.0 : 0)));
        var matrix = A.DiagonalMatrix(offset);
        Assert.That(matrix.Shape, Is.EqualTo(Shape.Create([2, 3 + Math.Abs(offset), 3 + Math.Abs(offset)])));
        Assert.That(matrix.Diagonal(offset).ToArray<double>(), Is.EqualTo(a));
        Assert.That(matrix.Sum().Item(), Is.EqualTo(a.Sum()));
    }

    [Test]
    public void Diagonals_of_any_two_axes()
    {
        var x = Sampling.Values([3, 2, 3]);
        Same(x.Diagonal(0, 0, 2), Tensor.Einsum("iji->ji", x));
        Same(Vmap(m => m.Diagonal(1))(x), x.Diagonal(1));
        Same(Vmap(m => m.DiagonalMatrix())(x.SwapAxes(0, 1)), x.SwapAxes(0, 1).DiagonalMatrix());
    }

    [Test]
    public void Blocks_lie_on_the_diagonal()
    {
        var y = Tensor.BlockDiagonal(A, Tensor.Full([1, 1], 7f, device: Device.Host));
        Assert.That(y.ToArray<float>(), Is.EqualTo([1f, 2, 3, 0, 4, 5, 6, 0, 0, 0, 0, 7]));
    }

    [Test]
    public void What_does_not_fit_is_named()
    {
        Assert.That(() => X.TensorDot(Y, [0], [0]), Throws.TypeOf<ShapeException>().With.Message.Contains("TensorDot").And.Message.Contains("[2, 3, 4]"));
        Assert.That(() => X.TensorDot(Y, 4), Throws.TypeOf<ShapeException>().With.Message.Contains("TensorDot"));
        Assert.That(() => X.TensorDot(Y, [1, 1], [1, 1]), Throws.TypeOf<AxisException>().With.Message.Contains("twice"));
        Assert.That(() => X.Cross(X), Throws.TypeOf<ShapeException>().With.Message.Contains("Cross"));
        Assert.That(() => X.Diagonal(0, 1, 1), Throws.TypeOf<AxisException>().With.Message.Contains("Diagonal"));
        Assert.That(() => X.Sum().DiagonalMatrix(), Throws.TypeOf<ShapeException>().With.Message.Contains("DiagonalMatrix"));
        Assert.That(() => X.Sum().LowerTriangle(), Throws.TypeOf<ShapeException>().With.Message.Contains("LowerTriangle"));
        Assert.That(() => Tensor.BlockDiagonal(A, X), Throws.TypeOf<ShapeException>().With.Message.Contains("BlockDiagonal"));
    }

    private static void Same(Tensor actual, Tensor expected)
    {
        Assert.That(actual.Shape, Is.EqualTo(expected.Shape));
        Assert.That(actual.ToArray<double>(), Is.EqualTo(expected.ToArray<double>()).Within(1e-12)); // at most a dozen products below 4
    }
}
