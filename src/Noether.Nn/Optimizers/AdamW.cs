namespace Noether.Nn;

/// <summary>Adam with decoupled weight decay: p ← (1 - γλ)p before each step; PyTorch's formulas and defaults.</summary>
/// <remarks>Source: Loshchilov and Hutter, "Decoupled weight decay regularization" (2019), algorithm 2.</remarks>
public sealed record AdamW : Adam
{
    /// <summary>PyTorch's default weight decay, 0.01.</summary>
    public AdamW() => WeightDecay = 0.01;

    private protected override (Tensor Parameter, Tensor Gradient) Decay(Tensor p, Tensor g, Tensor rate) =>
        WeightDecay == 0 ? (p, g) : (p * (1 - rate * WeightDecay).To(p.DType), g);
}
