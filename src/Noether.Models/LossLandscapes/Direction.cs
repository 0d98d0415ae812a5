using Noether.Models.Curvature;
using Noether.Nn;

namespace Noether.Models.LossLandscapes;

/// <summary>Directions in weight space: trees of what moves. Tensors that a direction has not stay where they are.</summary>
/// <remarks>
/// Any tree of some of the weights' tensors is a direction, so the Hessian's eigenvectors may be axes too; they have length 1 and are not scaled to the weights.
/// Li, Xu, Taylor, Studer, Goldstein, "Visualizing the loss landscape of neural nets" (2018), section 4.
/// </remarks>
/// <example><code>
/// var top = Eigen.Extremal(new HessianOperator(risk, weights), largest: 2).Vectors;
/// var surface = landscape.Plane(origin, top.Unstack(0), top.Unstack(1), xs, ys);
/// </code></example>
public static class Direction
{
    private const double Tiny = 1e-10; // of the published code: a filter of norm 0 gives 0

    /// <summary>A random direction, scaled to the weights.</summary>
    /// <param name="weights">Where the surface is centred.</param>
    /// <param name="key">Decides it. A tensor's draw depends on key and name alone.</param>
    /// <param name="options">Default: filter normalisation, and one-dimensional tensors stay.</param>
    public static Parameters Random(Parameters weights, RandomKey key, DirectionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(key);
        var drawn = new ParameterSpace(weights.Where(name => weights[name].DType.IsFloating())).Normal(key);
        return Normalize(weights.ZerosLike().With(drawn), weights, options);
    }

    /// <summary>A direction scaled to weights.</summary>
    /// <param name="direction">d.</param>
    /// <param name="weights">w, of the same names and shapes. Integer tensors, which count, take no part.</param>
    /// <param name="options">Default: filter normalisation, and one-dimensional tensors stay.</param>
    /// <exception cref="ParameterException">Names or shapes differ.</exception>
    public static Parameters Normalize(Parameters direction, Parameters weights, DirectionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(direction);
        ArgumentNullException.ThrowIfNull(weights);
        options ??= new();
        weights.CheckMatches(direction, "Direction");
        return direction.Map((name, d) => Scaled(name, d, weights[name], options));
    }

    /// <summary>From one network to another: all floating tensors, running statistics too if the trees have them.</summary>
    public static Parameters Between(Parameters from, Parameters to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        from.CheckMatches(to, "Between");
        return from.Where(name => from[name].DType.IsFloating()).Map((name, x) => to[name] - x);
    }

    private static Tensor Scaled(string name, Tensor d, Tensor w, DirectionOptions options)
    {
        if (!w.DType.IsFloating()) return w.ZerosLike();
        if (w.Rank < 2)
        {
            return options.OneDimensional switch
            {
                OneDimensional.Zero => d.ZerosLike(),
                OneDimensional.CopyWeights => w,
                _ => d * (Norm(w) / (Norm(d) + Tiny)),
            };
        }

        var axis = options.FilterAxis(name);
        return options.Normalization switch
        {
            DirectionNormalization.Filter => d * (FilterNorms(w, axis) / (FilterNorms(d, axis) + Tiny)),
            DirectionNormalization.Layer => d * (Norm(w) / Positive(Norm(d))),
            DirectionNormalization.Weight => d * w,
            DirectionNormalization.UnitFilter => d / (FilterNorms(d, axis) + Tiny),
            DirectionNormalization.UnitLayer => d / Positive(Norm(d)),
            _ => d,
        };
    }

    private static Tensor Norm(Tensor x) => x.Square().Sum().Sqrt();

    private static Tensor FilterNorms(Tensor x, int axis) =>
        x.Square().Sum([.. Enumerable.Range(0, x.Rank).Where(i => i != axis)], keepAxes: true).Sqrt();

    private static Tensor Positive(Tensor norm) => Tensor.Select(norm > 0, norm, 1); // what has norm 0 stays 0
}
