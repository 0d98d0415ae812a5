namespace Noether.Nn;

/// <summary>Limits on gradients, applied between differentiation and the optimiser.</summary>
public static class Gradients
{
    // PyTorch's: keeps the quotient finite for zero gradients.
    private const double Tiny = 1e-6;

    /// <summary>Scales all tensors by one factor so that their joint norm is at most <paramref name="limit"/>; also gives the norm before.</summary>
    public static (Parameters Gradients, Tensor Norm) ClipByNorm(Parameters gradients, double limit)
    {
        var norm = gradients.Norm();
        return (gradients * (limit / (norm + Tiny)).Minimum(1), norm);
    }

    /// <summary>Limits every element to [-limit, limit].</summary>
    public static Parameters ClipByValue(Parameters gradients, double limit) => gradients.Map(g => g.Maximum(-limit).Minimum(limit));
}
