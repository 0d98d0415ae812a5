namespace Noether.Kernels.MatMul;

/// <summary>Along which of a factor's directions a thread reads four neighbours: the one whose elements lie side by side.</summary>
/// <remarks>"Lines" are the rows of a left factor and the columns of a right one; "depth" is the inner size that both share.</remarks>
public interface IFactorOrder
{
    /// <summary>True if along the depth, false if across the lines.</summary>
    static abstract bool IsAlongDepth { get; }
}
