namespace Noether.Tests.LinearAlgebra;

/// <summary>Random matrices in float64, and what they are compared by.</summary>
internal static class Examples
{
    public static Tensor Random(Shape shape, int seed)
    {
        var random = new Random(seed);
        return Tensor.From(Enumerable.Range(0, (int)shape.Size).Select(_ => 2 * random.NextDouble() - 1).ToArray(), shape);
    }

    public static Tensor Definite(int n, int seed)
    {
        var x = Random([n, n], seed);
        return x.MatMul(x.Transpose()) + Tensor.Eye(n, DType.Float64);
    }

    /// <summary>Entries of order 1 with singular values not below 1.</summary>
    public static Tensor Regular(int n, int seed) => Random([n, n], seed) + 2 * n * Tensor.Eye(n, DType.Float64);

    public static void Close(Tensor actual, Tensor expected, double tolerance)
    {
        Assert.That(actual.Shape, Is.EqualTo(expected.Shape));
        Assert.That(actual.ToArray<double>(), Is.EqualTo(expected.ToArray<double>()).Within(tolerance));
    }
}
