using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;

namespace Noether.Kernels.MatMul;

/// <summary>The tile of a product that a group makes, whatever its factors are read from.</summary>
/// <remarks>
/// The group walks the inner size a step at a time through two buffers in shared memory: while one step is multiplied, the next is on its way from
/// global memory to registers, and is then written to the other buffer; one barrier a step.
/// </remarks>
internal static class ProductLoop<T, TTile, TLeft, TRight>
    where T : unmanaged, INumber<T>
    where TTile : struct, IProductTile
    where TLeft : struct, ITileReader<T, TLeft>
    where TRight : struct, ITileReader<T, TRight>
{
    // Fours of one factor.
    private static int Tile => TTile.Step * (TTile.Side * TTile.Quads + 1);

    /// <summary>The calling thread's part of the sum over the inner size that the group has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ProductRegisters<T, TTile> Sum(TLeft left, TRight right, ProductPlace place)
    {
        var shared = SharedMemory.Allocate<Four<T>>(4 * Tile);
        TLeft.Write(shared, 0, left.Read());
        TRight.Write(shared, Tile, right.Read());
        Group.Barrier();

        var buffer = 0;
        ProductRegisters<T, TTile> sum = default;
        for (var k = place.Begin + TTile.Step; k < place.End; k += TTile.Step)
        {
            left = TLeft.Advance(left);
            right = TRight.Advance(right);
            var nextLeft = left.Read();
            var nextRight = right.Read();
            sum = ProductRegisters<T, TTile>.AddProduct(sum, shared, buffer, buffer + Tile);
            buffer = 2 * Tile - buffer;
            TLeft.Write(shared, buffer, nextLeft);
            TRight.Write(shared, buffer + Tile, nextRight);
            Group.Barrier();
        }

        return ProductRegisters<T, TTile>.AddProduct(sum, shared, buffer, buffer + Tile);
    }
}
