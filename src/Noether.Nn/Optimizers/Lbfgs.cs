namespace Noether.Nn;

/// <summary>Minimises a smooth function of parameters by the limited-memory BFGS method with a strong-Wolfe line search.</summary>
/// <remarks>
/// Full batches only: it compares values of one function. Constants as torch.optim.LBFGS. Source: Nocedal and Wright, "Numerical optimization"
/// (2006), algorithms 7.4 and 7.5.
/// </remarks>
public sealed record Lbfgs
{
    // Below it a pair says nothing about curvature that rounding does not.
    private const double LeastCurvature = 1e-10;

    /// <summary>The most iterations of one call.</summary>
    public int Iterations { get; init; } = 100;

    /// <summary>Pairs of step and gradient change that are remembered.</summary>
    public int History { get; init; } = 10;

    /// <summary>The first trial step along a direction, 1 for Newton's.</summary>
    public double LearningRate { get; init; } = 1;

    /// <summary>Converged when no gradient element is larger.</summary>
    public double GradientTolerance { get; init; } = 1e-7;

    /// <summary>Converged when neither the value nor any parameter changes by more.</summary>
    public double ChangeTolerance { get; init; } = 1e-9;

    /// <summary>The most function values of one line search.</summary>
    public int LineSearchSteps { get; init; } = 25;

    /// <summary>Minimises.</summary>
    /// <param name="f">A scalar; traced once and compiled.</param>
    /// <param name="start">Where to begin.</param>
    /// <param name="state">From an earlier call, to go on with its history; null: none.</param>
    /// <exception cref="TransformException">f is not a scalar, or not finite at the start.</exception>
    public LbfgsResult Minimize(Func<Parameters, Tensor> f, Parameters start, Parameters? state = null)
    {
        var x = start.ToVector().Evaluate();
        var evaluate = Transform.Compile(arguments =>
        {
            var moved = arguments[0] + arguments[1] * arguments[2];
            var (value, slope) = Transform.ValueAndGrad(v => f(start.FromVector(v)))(moved);
            return [value, slope, (slope * arguments[2]).Sum()];
        });
        LineTrial At(double t, Tensor direction)
        {
            var results = evaluate([x, Tensor.From(t, x.DType, x.Device), direction]);
            return new(t, results[0].Item(), results[2].Item(), results[1]);
        }

        var memory = Pairs.From(state, History);
        var now = At(0, x.ZerosLike());
        if (!double.IsFinite(now.Value)) throw new TransformException($"Lbfgs: the function is {now.Value} at the start");

        var iteration = 0;
        var converged = Largest(now.Gradient) <= GradientTolerance;
        for (; iteration < Iterations && !converged; iteration++)
        {
            var direction = (-memory.Solve(now.Gradient)).Evaluate();
            now = now with { Step = 0, Slope = (direction * now.Gradient).Sum().Item() };
            if (now.Slope > -ChangeTolerance * 1e-3)
            {
                // Not a descent any more: forget the curvature, and stop if the steepest descent is none either.
                if (memory.Count == 0) break;
                memory = Pairs.From(null, History);
                direction = (-now.Gradient).Evaluate();
                now = now with { Slope = (direction * now.Gradient).Sum().Item() };
            }

            var first = memory.Count == 0 ? Math.Min(1, 1 / now.Gradient.Abs().Sum().Item()) * LearningRate : LearningRate;
            var largest = Largest(direction);
            var next = LineSearch.StrongWolfe(t => At(t, direction), now, first, LineSearchSteps, ChangeTolerance / Math.Max(largest, double.Epsilon));
            if (next.Step == 0) break; // the line search found nothing lower

            var step = (next.Step * direction).Evaluate();
            memory = memory.With(step, (next.Gradient - now.Gradient).Evaluate(), LeastCurvature);
            x = (x + step).Evaluate();
            converged = Largest(next.Gradient) <= GradientTolerance
                || Math.Abs(next.Value - now.Value) < ChangeTolerance || next.Step * largest < ChangeTolerance;
            now = next;
        }

        return new(start.FromVector(x), memory.ToState(), now.Value, Largest(now.Gradient), iteration, converged);
    }

    private static double Largest(Tensor x) => x.Size == 0 ? 0 : x.Abs().Max().Item();

    /// <summary>The last steps s and gradient changes y, and the product of the inverse Hessian they estimate.</summary>
    private sealed record Pairs(Tensor[] Steps, Tensor[] Changes, int Most)
    {
        public int Count => Steps.Length;

        public static Pairs From(Parameters? state, int most) => state is null
            ? new([], [], most)
            : new([.. state.Under("step").Leaves.TakeLast(most)], [.. state.Under("change").Leaves.TakeLast(most)], most);

        public Parameters ToState() => new(
            [.. Steps.Select((s, i) => KeyValuePair.Create($"step.{i}", s)), .. Changes.Select((y, i) => KeyValuePair.Create($"change.{i}", y))]);

        public Pairs With(Tensor step, Tensor change, double least) => (step * change).Sum().Item() > least
            ? new([.. Steps.TakeLast(Most - 1), step], [.. Changes.TakeLast(Most - 1), change], Most)
            : this;

        // The two loops of algorithm 7.4, as one graph: nothing is read in between.
        public Tensor Solve(Tensor gradient)
        {
            if (Count == 0) return gradient;
            var q = gradient;
            var weights = new Tensor[Count];
            var inverse = new Tensor[Count];
            for (var i = Count - 1; i >= 0; i--)
            {
                inverse[i] = 1 / (Steps[i] * Changes[i]).Sum();
                weights[i] = inverse[i] * (Steps[i] * q).Sum();
                q -= weights[i] * Changes[i];
            }

            q /= inverse[^1] * Changes[^1].Square().Sum(); // the scale of the last curvature, equation 7.20
            for (var i = 0; i < Count; i++) q += (weights[i] - inverse[i] * (Changes[i] * q).Sum()) * Steps[i];
            return q;
        }
    }
}
