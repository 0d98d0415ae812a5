using Noether.Devices;

namespace Noether.Primitives;

/// <summary>The singular values of a matrix without its vectors: <see cref="Svd"/> where derivatives ask for them.</summary>
public sealed record SingularValues : FusedPrimitive, ISampled
{
    /// <inheritdoc cref="Cholesky.Instance"/>
    public static readonly SingularValues Instance = new();

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples => Svd.Samples.Select(sample => sample with { Primitive = Instance });

    internal override TensorType[] Infer(Tensor[] x)
    {
        var (type, leading, _, n) = FactorisationPrimitive.TallMatrix(Name, x[0]);
        return [new([.. leading, n], type)];
    }

    internal override Tensor[] Define(Tensor[] x) => [Tensor.ApplyMany(Svd.Instance, x)[1]];

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => [Tensor.Apply(this, x)];

    internal override void Evaluate(Device device, View[] x, View[] y) => device.Factorise(Factorisation.SingularValues, x[0], y);
}
