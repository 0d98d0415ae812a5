using Noether.Models.Curvature;
using Noether.Nn;

namespace Noether.Models.SharpnessAware;

/// <summary>Where sharpness is looked for: ε(θ) from the gradient g and the radius ρ, mostly <c>ρ·T²g / (‖T·g‖ + tiny)</c> with a scale T of each entry.</summary>
/// <remarks>One norm over all tensors, summed in float64.</remarks>
public abstract record Perturbation
{
    private const double Tiny = 1e-12; // of the published code

    /// <summary>ρ·g/‖g‖: the worst point of a ball, to first order (Foret et al. 2021).</summary>
    public static Perturbation Normalized { get; } = new Scaled(static (_, _) => null, Tiny);

    /// <summary>ρ·g (Andriushchenko and Flammarion 2022).</summary>
    public static Perturbation Unnormalized { get; } = new Proportional();

    /// <summary>T = |θ|: the worst point of a ball that scales with every weight (Kwon et al. 2021).</summary>
    public static Perturbation Adaptive { get; } = new Scaled(static (_, w) => w.Abs(), Tiny);

    /// <summary>T = ‖θ of the tensor‖.</summary>
    public static Perturbation LayerAdaptive { get; } = new Scaled(static (_, w) => w.Square().Sum().Sqrt(), Tiny);

    /// <summary>T = |θ| + η on some tensors and 1 on the others: the code of Kwon et al.</summary>
    /// <param name="eta">η.</param>
    /// <param name="scales">Which tensors; null: those whose names end with <c>weight</c>, as that code does (scales of norms included).</param>
    public static Perturbation AdaptiveWeights(double eta = 0.01, Func<string, bool>? scales = null)
    {
        scales ??= static name => name.EndsWith("weight", StringComparison.Ordinal);
        return new Scaled((name, w) => scales(name) ? w.Abs() + eta : null, 1e-16);
    }

    /// <summary>ε.</summary>
    /// <param name="parameters">θ.</param>
    /// <param name="gradient">g.</param>
    /// <param name="radius">ρ, float64 without axes.</param>
    public abstract Parameters Of(Parameters parameters, Parameters gradient, Tensor radius);

    private sealed record Scaled(Func<string, Tensor, Tensor?> Scale, double Floor) : Perturbation
    {
        public override Parameters Of(Parameters parameters, Parameters gradient, Tensor radius)
        {
            var once = gradient.Map((name, g) => Scale(name, parameters[name]) is { } t ? t * g : g);
            var twice = once.Map((name, tg) => Scale(name, parameters[name]) is { } t ? t * tg : tg);
            return twice * (radius / (ParameterSpace.Product(once, once).Sqrt() + Floor));
        }
    }

    private sealed record Proportional : Perturbation
    {
        public override Parameters Of(Parameters parameters, Parameters gradient, Tensor radius) => gradient * radius;
    }
}
