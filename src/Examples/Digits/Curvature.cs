using Noether.Nn;

namespace Noether.Examples.Digits;

/// <summary>The largest eigenvalues of the Hessian of the training loss: how sharply the valley curves in which training ended.</summary>
/// <remarks>The Hessian has 18,378² entries and is never formed: Lanczos needs only its products with vectors.</remarks>
internal static class Curvature
{
    /// <summary>The eigenvalues over the whole parameter tree as one vector.</summary>
    /// <param name="network">The model.</param>
    /// <param name="weights">Where to look.</param>
    /// <param name="data">The loss is the mean over these images.</param>
    /// <param name="batch">Images a product; divides the number of images.</param>
    /// <param name="count">How many eigenvalues.</param>
    /// <param name="steps">The most products with the whole Hessian.</param>
    /// <param name="advance">Called after each product.</param>
    public static LanczosResult Largest(Module network, Parameters weights, Dataset data, int batch, int count, int steps, Action advance)
    {
        var product = Transform.Compile((Tensor[] a) =>
        {
            var (images, labels, along) = (a[^3], a[^2], a[^1]);
            var at = weights.WithLeaves(a[..^3]);
            return [Transform.Hvp(w => Loss.CrossEntropy(network.Apply(w, images), labels), at, at.FromVector(along)).ToVector()];
        });
        Batch[] batches = [.. data.Batches(batch)];
        return Lanczos.Largest(
            along =>
            {
                var sum = batches.Select(each => product([.. weights.Leaves, each.Input, each.Target, along])[0]).Aggregate((x, y) => x + y);
                advance();
                return sum / batches.Length;
            },
            RandomKey.From(0).Normal([checked((int)weights.Size)]), count, steps, tolerance: 1e-3);
    }
}
