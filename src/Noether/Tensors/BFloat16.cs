using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether;

/// <summary>The upper half of a float32: 1 sign, 8 exponent and 7 fraction bits.</summary>
/// <param name="Bits">The bit pattern.</param>
/// <remarks>Conversion from float32 rounds to nearest, ties to even, and keeps NaN a NaN; conversion to float32 is exact.</remarks>
public readonly record struct BFloat16(ushort Bits)
{
    /// <summary>Rounds to the nearest bfloat16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static explicit operator BFloat16(float value) => new(BFloat16Rounding.Bits(value));

    /// <summary>The same number as a float32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator float(BFloat16 value) => BitConverter.UInt32BitsToSingle((uint)value.Bits << 16);

    /// <inheritdoc/>
    public override string ToString() => ((float)this).ToString();
}
