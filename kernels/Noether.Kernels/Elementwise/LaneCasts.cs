using System.Runtime.CompilerServices;
using ILGPU;
using Noether.Kernels.Lanes;

namespace Noether.Kernels.Elementwise;

/// <summary>
/// Changes of a lane's type inside emitted kernels: floating to integer cuts towards zero, saturates, and makes 0 of NaN (as .NET and JAX do); to bool
/// asks for non-zero; to bfloat16 rounds to nearest, ties to even. Public only because emitted code may not see internal members.
/// </summary>
public static class LaneCasts
{
    /// <summary>The lane as Bool.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane ToBool(BoolLane x) => x;

    /// <summary>The lane as Bool.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane ToBool(Int32Lane x) => new() { Value = x.Value == 0 ? (byte)0 : (byte)1 };

    /// <summary>The lane as Bool.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane ToBool(Int64Lane x) => new() { Value = x.Value == 0 ? (byte)0 : (byte)1 };

    /// <summary>The lane as Bool.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane ToBool(Float32Lane x) => new() { Value = x.Value == 0 ? (byte)0 : (byte)1 };

    /// <summary>The lane as Bool.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane ToBool(Float64Lane x) => new() { Value = x.Value == 0 ? (byte)0 : (byte)1 };

    /// <summary>The lane as Int32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane ToInt32(BoolLane x) => new() { Value = x.Value };

    /// <summary>The lane as Int32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane ToInt32(Int32Lane x) => x;

    /// <summary>The lane as Int32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane ToInt32(Int64Lane x) => new() { Value = (int)x.Value };

    /// <summary>The lane as Int32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane ToInt32(Float32Lane x) => new() { Value = float.IsNaN(x.Value) ? 0 : x.Value >= 2147483648f ? int.MaxValue : x.Value < -2147483648f ? int.MinValue : (int)x.Value };

    /// <summary>The lane as Int32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane ToInt32(Float64Lane x) => new() { Value = double.IsNaN(x.Value) ? 0 : x.Value >= 2147483648d ? int.MaxValue : x.Value < -2147483648d ? int.MinValue : (int)x.Value };

    /// <summary>The lane as Int64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane ToInt64(BoolLane x) => new() { Value = x.Value };

    /// <summary>The lane as Int64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane ToInt64(Int32Lane x) => new() { Value = x.Value };

    /// <summary>The lane as Int64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane ToInt64(Int64Lane x) => x;

    /// <summary>The lane as Int64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane ToInt64(Float32Lane x) => new() { Value = float.IsNaN(x.Value) ? 0 : x.Value >= 9223372036854775808f ? long.MaxValue : x.Value < -9223372036854775808f ? long.MinValue : (long)x.Value };

    /// <summary>The lane as Int64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane ToInt64(Float64Lane x) => new() { Value = double.IsNaN(x.Value) ? 0 : x.Value >= 9223372036854775808d ? long.MaxValue : x.Value < -9223372036854775808d ? long.MinValue : (long)x.Value };

    /// <summary>The lane as Float32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane ToFloat32(BoolLane x) => new() { Value = x.Value };

    /// <summary>The lane as Float32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane ToFloat32(Int32Lane x) => new() { Value = x.Value };

    /// <summary>The lane as Float32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane ToFloat32(Int64Lane x) => new() { Value = x.Value };

    /// <summary>The lane as Float32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane ToFloat32(Float32Lane x) => x;

    /// <summary>The lane as Float32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane ToFloat32(Float64Lane x) => new() { Value = (float)x.Value };

    /// <summary>The lane as Float64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane ToFloat64(BoolLane x) => new() { Value = x.Value };

    /// <summary>The lane as Float64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane ToFloat64(Int32Lane x) => new() { Value = x.Value };

    /// <summary>The lane as Float64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane ToFloat64(Int64Lane x) => new() { Value = x.Value };

    /// <summary>The lane as Float64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane ToFloat64(Float32Lane x) => new() { Value = x.Value };

    /// <summary>The lane as Float64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane ToFloat64(Float64Lane x) => x;

    /// <summary>A bfloat16 number, widened.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane FromBFloat16(ushort bits) => new() { Value = Interop.IntAsFloat((uint)bits << 16) };

    /// <summary>The bits of a lane that holds a bfloat16 number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort BFloat16Bits(Float32Lane x) => (ushort)(Interop.FloatAsInt(x.Value) >> 16);

    /// <summary>The nearest bfloat16 number, ties to even; a NaN stays a NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane RoundToBFloat16(Float32Lane x)
    {
        var bits = Interop.FloatAsInt(x.Value);
        var rounded = (bits + 0x7FFFu + ((bits >> 16) & 1u)) & 0xFFFF_0000u;
        var quiet = (bits & 0xFFFF_0000u) | 0x40_0000u; // a NaN must not round to infinity
        return new() { Value = Interop.IntAsFloat((bits & 0x7FFF_FFFFu) > 0x7F80_0000u ? quiet : rounded) };
    }
}
