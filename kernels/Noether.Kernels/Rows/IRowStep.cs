using Noether.Kernels.Lanes;

namespace Noether.Kernels.Rows;

/// <summary>A formula of one element of a row.</summary>
/// <typeparam name="V">The element.</typeparam>
internal interface IRowStep<V>
    where V : unmanaged, IFloatLanes<V>
{
    /// <summary>The value for elements x and z of two operands, and two numbers of the row.</summary>
    static abstract V Of(V x, V z, V p, V q);
}
