namespace Noether.Kernels.MatMul;

/// <summary>Whether a kernel of products looks where matrices end.</summary>
public interface IProductEdges
{
    /// <summary>False if every tile lies inside its matrices and every quad is one aligned load.</summary>
    static abstract bool AreGuarded { get; }
}
