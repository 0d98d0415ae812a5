using Noether.Kernels.Lanes;

namespace Noether.Kernels.Rows;

/// <summary>Σ g and Σ g·x̂ of a cotangent g and normalised x̂: what the gradients of normalisations are made of.</summary>
/// <typeparam name="V">The element.</typeparam>
public struct GradientSums<V>
    where V : unmanaged, IFloatLanes<V>
{
    /// <summary>Σ g.</summary>
    public V Sum;

    /// <summary>Σ g·x̂.</summary>
    public V Product;

    /// <summary>The sums of both.</summary>
    internal static GradientSums<V> Join(GradientSums<V> left, GradientSums<V> right) => new() { Sum = left.Sum + right.Sum, Product = left.Product + right.Product };

    /// <summary>Of one element.</summary>
    internal static GradientSums<V> Of(V g, V normalised) => new() { Sum = g, Product = g * normalised };

    /// <summary>Of four.</summary>
    internal static GradientSums<V> Of(V g0, V x0, V g1, V x1, V g2, V x2, V g3, V x3) =>
        new() { Sum = g0 + g1 + (g2 + g3), Product = g0 * x0 + g1 * x1 + (g2 * x2 + g3 * x3) };
}
