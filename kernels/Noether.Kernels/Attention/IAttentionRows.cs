using System.Numerics;

namespace Noether.Kernels.Attention;

/// <summary>Where the tiles' products find the rows of an operand.</summary>
/// <typeparam name="T">What is calculated in.</typeparam>
internal interface IAttentionRows<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>An element; 0 outside the matrix, of which the caller knows the columns.</summary>
    T At(int row, int column, int columns);
}
