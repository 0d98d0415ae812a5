using System.Runtime.CompilerServices;

namespace Noether.Kernels.Tests;

/// <summary>Values in registers: each lies in the low bits of 64, whatever its type; who reads takes only its own bits.</summary>
internal static class PtxBits
{
    /// <summary>The value in the low bits.</summary>
    public static T As<T>(ulong bits)
        where T : unmanaged => Unsafe.As<ulong, T>(ref bits);

    /// <summary>The register that holds a value, other bits zero.</summary>
    public static ulong Bits<T>(T value)
        where T : unmanaged
    {
        ulong bits = 0;
        Unsafe.As<ulong, T>(ref bits) = value;
        return bits;
    }

    /// <summary>The register that holds a truth value.</summary>
    public static ulong Bits(bool value) => value ? 1UL : 0;

    /// <summary>The float32 that a bfloat16 is.</summary>
    public static float BFloat16(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    /// <summary>The bfloat16 nearest to a float32, ties to even; 0x7FFF for what is not a number.</summary>
    public static ushort BFloat16(float value)
    {
        if (float.IsNaN(value)) return 0x7FFF;
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
    }

    /// <summary>What a tensor core sees of a register with a tf32: the low 13 bits are ignored.</summary>
    public static float TensorFloat32(ulong bits) => BitConverter.UInt32BitsToSingle((uint)bits & ~0x1FFFu);

    /// <summary>The tf32 nearest to a float32, ties away from zero.</summary>
    public static uint TensorFloat32(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsFinite(value) ? (bits + 0x1000) & ~0x1FFFu : float.IsNaN(value) ? 0x7FFFFFFF : bits;
    }
}
