using Noether.Nn;

namespace Noether.Models.LossLandscapes;

/// <summary>Points <c>θ + α·δ + β·η</c> of weight space. Tensors that a direction has not stay, and so do integers.</summary>
internal sealed class WeightPlane
{
    private readonly Parameters origin, x, y;

    /// <summary>The plane through a point.</summary>
    /// <param name="caller">Named in errors.</param>
    /// <param name="origin">θ, with the module's state where it has some.</param>
    /// <param name="x">δ.</param>
    /// <param name="y">η.</param>
    /// <param name="moves">Which tensors of the directions count, by name.</param>
    /// <exception cref="ParameterException">A direction has a tensor that the origin has not, or of another shape.</exception>
    public WeightPlane(string caller, Parameters origin, Parameters x, Parameters y, Func<string, bool> moves)
    {
        ArgumentNullException.ThrowIfNull(origin);
        this.origin = origin;
        this.x = Moving(x);
        this.y = Moving(y);

        Parameters Moving(Parameters direction)
        {
            ArgumentNullException.ThrowIfNull(direction);
            foreach (var (name, d) in direction)
            {
                if (!origin[name].Shape.Equals(d.Shape))
                    throw new ParameterException($"{caller}: the direction's '{name}' has shape {d.Shape}, expected {origin[name].Shape}");
            }

            return direction.Where(name => origin[name].DType.IsFloating() && moves(name));
        }
    }

    /// <summary>Where everything lies.</summary>
    public Device Device => origin.Leaves[0].Device;

    /// <summary>A point: all of the origin's tensors.</summary>
    /// <param name="alpha">α, without axes.</param>
    /// <param name="beta">β, without axes.</param>
    public Parameters At(Tensor alpha, Tensor beta)
    {
        var point = origin.With(Moved(x, alpha, origin));
        return point.With(Moved(y, beta, point));
    }

    /// <summary>A point, computed.</summary>
    public Parameters At(double alpha, double beta)
    {
        var point = At(Tensor.From(alpha, DType.Float64, Device), Tensor.From(beta, DType.Float64, Device));
        Tensor.Evaluate(point);
        return point;
    }

    private static Parameters Moved(Parameters direction, Tensor step, Parameters from) =>
        direction.Map((name, d) => from[name] + step.To(d.DType) * d);
}
