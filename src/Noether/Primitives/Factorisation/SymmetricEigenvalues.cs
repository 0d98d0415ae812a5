using Noether.Devices;

namespace Noether.Primitives;

/// <summary>The eigenvalues of a symmetric matrix without its vectors: <see cref="SymmetricEigen"/> where derivatives ask for them.</summary>
public sealed record SymmetricEigenvalues : FusedPrimitive, ISampled
{
    /// <inheritdoc cref="Cholesky.Instance"/>
    public static readonly SymmetricEigenvalues Instance = new();

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples => SymmetricEigen.Samples.Select(sample => sample with { Primitive = Instance });

    internal override TensorType[] Infer(Tensor[] x)
    {
        var (type, leading, n, _) = FactorisationPrimitive.Matrix(Name, x[0], square: true);
        return [new([.. leading, n], type)];
    }

    internal override Tensor[] Define(Tensor[] x) => [Tensor.ApplyMany(SymmetricEigen.Instance, x)[0]];

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => [Tensor.Apply(this, x)];

    internal override void Evaluate(Device device, View[] x, View[] y) => device.Factorise(Factorisation.SymmetricEigenvalues, x[0], y);
}
