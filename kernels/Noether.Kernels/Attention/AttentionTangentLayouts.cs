using Noether.Kernels.MatMul;

namespace Noether.Kernels.Attention;

/// <summary>Where the operands of attention's tangent lie; any strides.</summary>
public struct AttentionTangentLayouts
{
    /// <summary>The forward pass's.</summary>
    public AttentionLayouts Operands;

    /// <summary>q', [matrices, m, d].</summary>
    public MatrixLayout Query;

    /// <summary>k', [matrices, n, d].</summary>
    public MatrixLayout Key;

    /// <summary>v', [matrices, n, e].</summary>
    public MatrixLayout Value;
}
