using Noether.Nn;

namespace Noether.Models.Curvature;

/// <summary>Eigenvalues of operators that are known by their products.</summary>
public static class Eigen
{
    /// <summary>The algebraically largest and smallest eigenpairs, by one two-ended Lanczos iteration with thick restart.</summary>
    /// <param name="operation">The operator.</param>
    /// <param name="largest">How many of the largest.</param>
    /// <param name="smallest">How many of the smallest.</param>
    /// <param name="tolerance">Stops when every residual is below this part of the largest |λ|.</param>
    /// <param name="maxProducts">The most products to spend.</param>
    /// <param name="start">Where to begin; null: normal draws. Eigenvectors of a neighbouring operator, summed, save products.</param>
    /// <param name="key">Decides the draws; null: that of 0.</param>
    /// <exception cref="ShapeException">The space has not so many pairs.</exception>
    /// <exception cref="NumericsException">A product is not finite.</exception>
    public static Eigenpairs Extremal(
        SymmetricOperator operation, int largest = 1, int smallest = 0, double tolerance = 1e-6, int maxProducts = 1000, Parameters? start = null, RandomKey? key = null)
    {
        ArgumentNullException.ThrowIfNull(operation);
        var space = operation.Space;
        var found = Lanczos.Extremal(operation.Apply, (start ?? space.Normal(KeyOf(key, space))).ToVector(), largest, smallest, tolerance, maxProducts);
        return new(found.Values, space.FromRows(found.Vectors), found.Residuals, found.Steps);
    }

    /// <summary>The eigenpair of largest |λ|, by v ← A·v / ‖A·v‖: an iterate after each product.</summary>
    /// <param name="operation">The operator.</param>
    /// <param name="start">Where to begin; null: normal draws.</param>
    /// <param name="key">Decides the draws; null: that of 0.</param>
    /// <remarks>
    /// Converges like |λ₂/λ₁|ᵏ. Its limit is the eigenvalue of largest size, negative or not. The change of the quotient from step to step says
    /// little about the error, the residual bounds it: take iterates until that is small, or use <see cref="PowerIteration"/>.
    /// </remarks>
    public static IEnumerable<PowerIterate> PowerIterates(SymmetricOperator operation, Parameters? start = null, RandomKey? key = null)
    {
        ArgumentNullException.ThrowIfNull(operation);
        var space = operation.Space;
        return Iterate();

        IEnumerable<PowerIterate> Iterate()
        {
            var v = space.Normalize(start ?? space.Normal(KeyOf(key, space)));
            for (var products = 1; ; products++)
            {
                var product = operation.Apply(v);
                var value = space.Dot(v, product);
                yield return new(value, v, space.Norm(space.Axpy(-value, v, product)), products);
                v = space.Normalize(product);
                Tensor.Evaluate(v);
            }
        }
    }

    /// <summary>Power iteration until the residual is below a part of |λ|.</summary>
    /// <param name="operation">The operator.</param>
    /// <param name="tolerance">That part.</param>
    /// <param name="maxProducts">The most products to spend; the last iterate's residual then tells how far it came.</param>
    /// <param name="start">Where to begin; null: normal draws.</param>
    /// <param name="key">Decides the draws; null: that of 0.</param>
    public static PowerIterate PowerIteration(
        SymmetricOperator operation, double tolerance = 1e-3, int maxProducts = 1000, Parameters? start = null, RandomKey? key = null) =>
        PowerIterates(operation, start, key).First(at => at.Residual <= tolerance * Math.Abs(at.Value) || at.Products >= maxProducts);

    private static RandomKey KeyOf(RandomKey? key, ParameterSpace space) => key ?? RandomKey.From(0, space.Zero.Leaves[0].Device);
}
