namespace Noether.Nn;

/// <summary>Divides the gradient by a running root mean square; PyTorch's formulas and defaults.</summary>
/// <remarks>
/// g ← g + λp; v ← αv + (1 - α)g²; centred: a ← αa + (1 - α)g and v - a² in place of v; d = g / (√v + ε);
/// p ← p - γd, or with momentum b ← μb + d; p ← p - γb. Source: Tieleman and Hinton (2012); centred: Graves (2013).
/// </remarks>
public sealed record RmsProp : Optimizer
{
    /// <summary>α: decay of the mean square gradient.</summary>
    public double Alpha { get; init; } = 0.99;

    /// <summary>ε: keeps the quotient finite.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>λ: the L2 penalty.</summary>
    public double WeightDecay { get; init; }

    /// <summary>μ.</summary>
    public double Momentum { get; init; }

    /// <summary>Divides by an estimate of the standard deviation.</summary>
    public bool Centered { get; init; }

    private protected override IReadOnlyList<string> Memories =>
        ["square", .. Centered ? (string[])["mean"] : [], .. Momentum != 0 ? (string[])["momentum"] : []];

    private protected override Tensor Update(Tensor p, Tensor g, Tensor[] memory, Tensor rate, Tensor step)
    {
        if (WeightDecay != 0) g += WeightDecay * p;
        var v = memory[0] = Alpha * memory[0] + (1 - Alpha) * g * g;
        if (Centered)
        {
            var mean = memory[1] += (g - memory[1]) * (1 - Alpha);
            v = (v - mean * mean).Maximum(0); // rounding may leave it just below zero
        }

        var direction = g / (v.Sqrt() + Epsilon);
        if (Momentum != 0) direction = memory[^1] = Momentum * memory[^1] + direction;
        return p - rate.To(p.DType) * direction;
    }
}
