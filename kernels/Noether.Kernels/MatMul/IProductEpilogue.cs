using System.Numerics;

namespace Noether.Kernels.MatMul;

/// <summary>What is made of a product's results before they leave the registers: emitted from a <see cref="Elementwise.LaneProgram"/>, whose operands it holds.</summary>
/// <typeparam name="T">The product's element.</typeparam>
public interface IProductEpilogue<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>Takes four neighbours of a row of the product, and stores what the program makes of them.</summary>
    /// <param name="x">The product's elements.</param>
    /// <param name="dx">The tangent's, where the product has one.</param>
    /// <param name="index">The first one's number in the row-major traversal of the results.</param>
    /// <param name="last">That of the last one there is, at most index + 3; those behind it do not count.</param>
    void Apply(Four<T> x, Four<T> dx, long index, long last);
}
