namespace Noether.Nn;

/// <summary>Adam, with the L2 penalty in the gradient; PyTorch's formulas and defaults. See <see cref="AdamW"/> for decoupled decay.</summary>
/// <remarks>
/// g ← g + λp; m ← β₁m + (1 - β₁)g; v ← β₂v + (1 - β₂)g²; p ← p - γ/(1 - β₁ᵗ)·m / (√v/√(1 - β₂ᵗ) + ε).
/// Source: Kingma and Ba, "Adam" (2015), algorithm 1; AMSGrad: Reddi, Kale, Kumar (2018).
/// </remarks>
public record Adam : Optimizer
{
    /// <summary>β₁: decay of the mean gradient.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>β₂: decay of the mean square gradient.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>ε: keeps the quotient finite.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>λ.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Divides by the largest mean square so far.</summary>
    public bool AmsGrad { get; init; }

    private protected override IReadOnlyList<string> Memories => AmsGrad ? ["mean", "square", "largest"] : ["mean", "square"];

    private protected override Tensor Update(Tensor p, Tensor g, Tensor[] memory, Tensor rate, Tensor step)
    {
        (p, g) = Decay(p, g, rate);
        var m = memory[0] + (g - memory[0]) * (1 - Beta1);
        var v = Beta2 * memory[1] + (1 - Beta2) * g * g;
        (memory[0], memory[1]) = (m, v);
        if (AmsGrad) v = memory[2] = memory[2].Maximum(v);

        var size = (rate / Debias(Beta1, step)).To(p.DType);
        var scale = (1 / Debias(Beta2, step).Sqrt()).To(p.DType);
        return p - size * m / (v.Sqrt() * scale + Epsilon);
    }

    /// <summary>Weight decay as part of the gradient.</summary>
    private protected virtual (Tensor Parameter, Tensor Gradient) Decay(Tensor p, Tensor g, Tensor rate) =>
        WeightDecay == 0 ? (p, g) : (p, g + WeightDecay * p);

    // 1 - βᵗ at the step that is being made, without cancellation for β near 1.
    private static Tensor Debias(double beta, Tensor step) => -((step + 1).To(DType.Float64) * Math.Log(beta)).Expm1();
}
