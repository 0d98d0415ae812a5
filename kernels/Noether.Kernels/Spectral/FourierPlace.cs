using System.Runtime.CompilerServices;

namespace Noether.Kernels.Spectral;

/// <summary>Where a line of a <see cref="FourierStep"/> lies.</summary>
internal struct FourierPlace
{
    /// <summary>Its place among the outer sizes.</summary>
    public long Outer;

    /// <summary>Its place along inner.</summary>
    public long Inner;

    /// <summary>Its place among the others of its transform.</summary>
    public int Other;

    /// <summary>That of line number <paramref name="line"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourierPlace Of(long line, long inner, int others)
    {
        var wide = inner * others;
        if (line <= int.MaxValue && wide <= int.MaxValue)
        {
            // Division of 32 bits is several times cheaper.
            uint number = (uint)line, within = (uint)wide, behind = (uint)inner;
            var group = number / within;
            number -= group * within;
            var own = number / behind;
            return new() { Outer = group, Other = (int)own, Inner = number - own * behind };
        }

        var outer = line / wide;
        line -= outer * wide;
        var other = line / inner;
        return new() { Outer = outer, Other = (int)other, Inner = line - other * inner };
    }

    /// <summary>Where the line begins in memory whose lines have so many elements, if nothing goes before them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly long Start(long elements, long inner) => Outer * elements * inner + Inner;
}
