namespace Noether.Nn;

/// <summary>Stochastic gradient descent with momentum and weight decay; PyTorch's formulas and defaults.</summary>
/// <remarks>
/// g ← g + λp; b ← μb + (1 - τ)g (the first time b ← g); g ← g + μb (Nesterov) or b; p ← p - γg,
/// with momentum μ, dampening τ, weight decay λ, learning rate γ. Source: Sutskever et al., "On the importance of initialization and
/// momentum" (2013), as torch.optim.SGD writes it.
/// </remarks>
public sealed record Sgd : Optimizer
{
    /// <summary>μ: the part of the last step's direction that is kept.</summary>
    public double Momentum { get; init; }

    /// <summary>τ: the part of the gradient that momentum leaves out.</summary>
    public double Dampening { get; init; }

    /// <summary>Looks ahead along the momentum.</summary>
    public bool Nesterov { get; init; }

    /// <summary>λ: the L2 penalty.</summary>
    public double WeightDecay { get; init; }

    private protected override IReadOnlyList<string> Memories => Momentum == 0 ? [] : ["momentum"];

    private protected override Tensor Update(Tensor p, Tensor g, Tensor[] memory, Tensor rate, Tensor step)
    {
        if (WeightDecay != 0) g += WeightDecay * p;
        if (Momentum != 0)
        {
            var b = Momentum * memory[0] + (1 - Dampening) * g;
            if (Dampening != 0) b = Tensor.Select(step.Equal(0), g, b); // without dampening the two agree
            memory[0] = b;
            g = Nesterov ? g + Momentum * b : b;
        }

        return p - rate.To(p.DType) * g;
    }
}
