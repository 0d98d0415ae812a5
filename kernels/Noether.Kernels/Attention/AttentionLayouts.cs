using Noether.Kernels.MatMul;

namespace Noether.Kernels.Attention;

/// <summary>Where attention's operands lie; any strides.</summary>
public struct AttentionLayouts
{
    /// <summary>[matrices, m, d].</summary>
    public MatrixLayout Query;

    /// <summary>[matrices, n, d].</summary>
    public MatrixLayout Key;

    /// <summary>[matrices, n, e].</summary>
    public MatrixLayout Value;

    /// <summary>[matrices, m, n]; whatever without a mask.</summary>
    public MatrixLayout Mask;

    /// <summary>The output's cotangent, [matrices, m, e]; only the reverse pass reads it.</summary>
    public MatrixLayout Cotangent;
}
