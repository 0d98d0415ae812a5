using System.Runtime.CompilerServices;
using ILGPU;

namespace Noether.Kernels.MatMul;

/// <summary>Which square of which product the calling thread makes.</summary>
internal struct SmallProductPlace
{
    /// <summary>The group's first product.</summary>
    public int First;

    /// <summary>The product's number in the group, and the square's in it.</summary>
    public int Local;

    public int Down;

    public int Across;

    /// <summary>1 if the thread has a square: it loads for the others if not.</summary>
    public int HasSquare; // structs of kernels hold no bool

    public readonly int Matrix => First + Local;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SmallProductPlace Of(SmallProductSizes sizes)
    {
        var first = Grid.IdxX * sizes.Matrices;
        var line = (uint)Group.IdxX / (uint)sizes.Across;
        var local = line / (uint)sizes.Down;
        var isInside = local < (uint)sizes.Matrices;
        return new()
        {
            First = first,
            Local = isInside ? (int)local : 0, // the others sum what is there
            Down = (int)(line - local * (uint)sizes.Down),
            Across = Group.IdxX - (int)line * sizes.Across,
            HasSquare = isInside && (uint)first + local < (uint)sizes.Products.Batch ? 1 : 0,
        };
    }
}
