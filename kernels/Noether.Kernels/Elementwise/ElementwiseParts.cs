using System.Runtime.CompilerServices;
using ILGPU;

namespace Noether.Kernels.Elementwise;

/// <summary>
/// Where the operands of many runs of one program lie, for one launch of them all: an optimiser's step over its parameters. Public only because
/// emitted code may not see internal members.
/// </summary>
/// <remarks>
/// Layout: <see cref="Table"/> has the number of the first group of each part, and of the group behind the last; then for each part a row: its count of
/// elements, and the place of each operand's first element in that operand's memory, inputs before outputs, counted in its elements.
/// <para>A group finds its part by bisection: log₂ of the parts reads, which all threads share and which stay in the caches.</para>
/// </remarks>
public struct ElementwiseParts
{
    /// <summary>The table.</summary>
    public ArrayView<long> Table;

    /// <summary>How many parts.</summary>
    public int Count;

    /// <summary>The part that the calling group works on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Find(ElementwiseParts parts)
    {
        var (first, behind) = (0, parts.Count);
        while (behind - first > 1)
        {
            var middle = (first + behind) / 2;
            if (parts.Table[middle] <= Grid.IdxX) first = middle;
            else behind = middle;
        }

        return first;
    }

    /// <summary>The number, in the part, of the first of the calling thread's four elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long FirstOf(ElementwiseParts parts, int part) => ((Grid.IdxX - parts.Table[part]) * Group.DimX + Group.IdxX) * 4;

    /// <summary>An entry of a part's row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Entry(ElementwiseParts parts, int part, int width, int column) => parts.Table[parts.Count + 1 + (long)part * width + column];

    /// <summary>Memory from an element on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ArrayView<T> From<T>(ArrayView<T> memory, long start)
        where T : unmanaged => memory.SubView(start, memory.Length - start);
}
