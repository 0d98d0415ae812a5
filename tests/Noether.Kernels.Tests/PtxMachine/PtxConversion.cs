using System.Numerics;
using static Noether.Kernels.Tests.PtxBits;

namespace Noether.Kernels.Tests;

/// <summary>The conversions, by name.</summary>
internal static class PtxConversion
{
    /// <summary>The function of <c>cvt{.rounding}.to.from</c>, or null.</summary>
    public static PtxFunction? Of(string opcode)
    {
        var parts = opcode.Split('.');
        var (rounding, to, from) = (string.Join('.', parts[1..^2]), parts[^2], parts[^1]);
        return (rounding, to, from) switch
        {
            ("rna", "tf32", "f32") => static (a, _, _) => TensorFloat32(As<float>(a)),
            ("rn", "bf16", "f32") => static (a, _, _) => BFloat16(As<float>(a)),
            ("rn", "bf16x2", "f32") => static (a, b, _) => (ulong)BFloat16(As<float>(a)) << 16 | BFloat16(As<float>(b)), // the first operand is the upper half
            ("", "f32", "bf16") => static (a, _, _) => Bits(BFloat16((ushort)a)),
            ("rn", "f16", "f32") => static (a, _, _) => Bits((Half)As<float>(a)),
            ("", "f32", "f16") => static (a, _, _) => Bits((float)As<Half>(a)),
            ("rn", "f32", "f64") => static (a, _, _) => Bits((float)As<double>(a)),
            ("", "f64", "f32") => static (a, _, _) => Bits((double)As<float>(a)),
            (_, "f32", "f32") => Whole<float>(rounding),
            (_, "f64", "f64") => Whole<double>(rounding),
            ("rn", "f32", _) => From<float>(from),
            ("rn", "f64", _) => From<double>(from),
            (_, _, "f32") => Whole<float>(rounding) is { } whole && To<float>(to) is { } convert ? (a, _, _) => convert(whole(a, 0, 0), 0, 0) : null,
            (_, _, "f64") => Whole<double>(rounding) is { } whole && To<double>(to) is { } convert ? (a, _, _) => convert(whole(a, 0, 0), 0, 0) : null,
            ("", _, _) => Among(to, from),
            _ => null,
        };
    }

    private static PtxFunction? Whole<T>(string rounding)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => rounding switch
        {
            "rzi" => static (a, _, _) => Bits(T.Truncate(As<T>(a))),
            "rni" => static (a, _, _) => Bits(T.Round(As<T>(a))),
            "rmi" => static (a, _, _) => Bits(T.Floor(As<T>(a))),
            "rpi" => static (a, _, _) => Bits(T.Ceiling(As<T>(a))),
            _ => null,
        };

    // Beyond the integers the nearest of them; of what is not a number 0.
    private static PtxFunction? To<T>(string to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => to switch
        {
            "u8" => static (a, _, _) => Bits(byte.CreateSaturating(As<T>(a))),
            "s8" => static (a, _, _) => (ulong)sbyte.CreateSaturating(As<T>(a)),
            "u16" => static (a, _, _) => Bits(ushort.CreateSaturating(As<T>(a))),
            "s16" => static (a, _, _) => (ulong)short.CreateSaturating(As<T>(a)),
            "u32" => static (a, _, _) => Bits(uint.CreateSaturating(As<T>(a))),
            "s32" => static (a, _, _) => (ulong)int.CreateSaturating(As<T>(a)),
            "u64" => static (a, _, _) => Bits(ulong.CreateSaturating(As<T>(a))),
            "s64" => static (a, _, _) => (ulong)long.CreateSaturating(As<T>(a)),
            _ => null,
        };

    private static PtxFunction? From<T>(string from)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => from switch
        {
            "u8" => static (a, _, _) => Bits(T.CreateChecked((byte)a)),
            "s8" => static (a, _, _) => Bits(T.CreateChecked((sbyte)a)),
            "u16" => static (a, _, _) => Bits(T.CreateChecked((ushort)a)),
            "s16" => static (a, _, _) => Bits(T.CreateChecked((short)a)),
            "u32" => static (a, _, _) => Bits(T.CreateChecked((uint)a)),
            "s32" => static (a, _, _) => Bits(T.CreateChecked((int)a)),
            "u64" => static (a, _, _) => Bits(T.CreateChecked(a)),
            "s64" => static (a, _, _) => Bits(T.CreateChecked((long)a)),
            _ => null,
        };

    // Integers: extended by the source's sign to 64 bits, cut to the destination's and extended by its sign.
    private static PtxFunction? Among(string to, string from)
    {
        PtxFunction? extend = Extend(from), cut = Extend(to);
        return extend is null || cut is null ? null : (a, _, _) => cut(extend(a, 0, 0), 0, 0);
    }

    /// <summary>A register with the value of an integer type or of bits.</summary>
    public static PtxFunction? Extend(string type) => type switch
    {
        "u8" or "b8" => static (a, _, _) => (byte)a,
        "s8" => static (a, _, _) => (ulong)(sbyte)a,
        "u16" or "b16" => static (a, _, _) => (ushort)a,
        "s16" => static (a, _, _) => (ulong)(short)a,
        "u32" or "b32" => static (a, _, _) => (uint)a,
        "s32" => static (a, _, _) => (ulong)(int)a,
        "u64" or "s64" or "b64" => static (a, _, _) => a,
        _ => null,
    };
}
