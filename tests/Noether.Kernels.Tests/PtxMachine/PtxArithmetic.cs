using System.Numerics;
using static Noether.Kernels.Tests.PtxBits;

namespace Noether.Kernels.Tests;

/// <summary>What an instruction makes of up to three registers.</summary>
internal delegate ulong PtxFunction(ulong a, ulong b, ulong c);

/// <summary>The instructions that only compute, by name. Rounding is to nearest even, and once, unless a name says otherwise; without .ftz nothing is flushed.</summary>
internal static class PtxArithmetic
{
    /// <summary>The function of an opcode with its modifiers and types, or null.</summary>
    public static PtxFunction? Of(string opcode)
    {
        var dot = opcode.LastIndexOf('.');
        if (dot < 0) return null;
        var (name, type) = (opcode[..dot], opcode[(dot + 1)..]);
        if (name.StartsWith("cvt.", StringComparison.Ordinal)) return PtxConversion.Of(opcode);
        return Address(opcode) ?? type switch
        {
            "pred" => Predicate(name),
            "f32" => Real<float>(name) ?? Select(name),
            "f64" => Real<double>(name) ?? Select(name),
            "s16" => Integer<short, int>(name),
            "s32" => Integer<int, long>(name),
            "s64" => Integer<long, Int128>(name),
            "u16" => Integer<ushort, uint>(name),
            "u32" => Integer<uint, ulong>(name),
            "u64" => Integer<ulong, UInt128>(name),
            "b16" => Pattern<ushort, short>(name),
            "b32" => Pattern<uint, int>(name) ?? Words(name),
            "b64" => Pattern<ulong, long>(name),
            _ => null,
        };
    }

    private static PtxFunction? Address(string opcode) => opcode switch
    {
        "cvta.global.u64" or "cvta.to.global.u64" or "cvta.const.u64" or "cvta.to.const.u64" => static (a, _, _) => a,
        "cvta.shared.u64" => static (a, _, _) => a | PtxAddress.SharedWindow,
        "cvta.local.u64" => static (a, _, _) => a | PtxAddress.LocalWindow,
        "cvta.to.shared.u64" => static (a, _, _) => a ^ PtxAddress.SharedWindow,
        "cvta.to.local.u64" => static (a, _, _) => a ^ PtxAddress.LocalWindow,
        _ => null,
    };

    private static PtxFunction? Predicate(string name) => name switch
    {
        "mov" => static (a, _, _) => a,
        "and" => static (a, b, _) => a & b,
        "or" => static (a, b, _) => a | b,
        "xor" => static (a, b, _) => a ^ b,
        "not" => static (a, _, _) => a ^ 1,
        _ => null,
    };

    private static PtxFunction? Select(string name) => name switch
    {
        "mov" => static (a, _, _) => a,
        "selp" => static (a, b, c) => c != 0 ? a : b,
        _ => null,
    };

    private static PtxFunction? Any<T>(string name)
        where T : unmanaged, INumber<T> => name switch
        {
            "add" or "add.rn" => static (a, b, _) => Bits(As<T>(a) + As<T>(b)),
            "sub" or "sub.rn" => static (a, b, _) => Bits(As<T>(a) - As<T>(b)),
            "neg" => static (a, _, _) => Bits(-As<T>(a)),
            "setp.eq" => static (a, b, _) => Bits(As<T>(a) == As<T>(b)),
            "setp.lt" => static (a, b, _) => Bits(As<T>(a) < As<T>(b)),
            "setp.le" => static (a, b, _) => Bits(As<T>(a) <= As<T>(b)),
            "setp.gt" => static (a, b, _) => Bits(As<T>(a) > As<T>(b)),
            "setp.ge" => static (a, b, _) => Bits(As<T>(a) >= As<T>(b)),
            _ => null,
        };

    private static PtxFunction? Real<T>(string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => name switch
        {
            "neg" => static (a, _, _) => Bits(-As<T>(a)), // the bit, of a not-a-number too
            "mul" or "mul.rn" => static (a, b, _) => Bits(As<T>(a) * As<T>(b)),
            "fma.rn" or "mad.rn" => static (a, b, c) => Bits(T.FusedMultiplyAdd(As<T>(a), As<T>(b), As<T>(c))),
            "div.rn" => static (a, b, _) => Bits(As<T>(a) / As<T>(b)),
            "rcp.rn" => static (a, _, _) => Bits(T.One / As<T>(a)),
            "sqrt.rn" => static (a, _, _) => Bits(T.Sqrt(As<T>(a))),
            "abs" => static (a, _, _) => Bits(T.Abs(As<T>(a))),
            "min" => static (a, b, _) => Bits(T.MinNumber(As<T>(a), As<T>(b))),
            "max" => static (a, b, _) => Bits(T.MaxNumber(As<T>(a), As<T>(b))),
            "min.NaN" => static (a, b, _) => Bits(T.Min(As<T>(a), As<T>(b))),
            "max.NaN" => static (a, b, _) => Bits(T.Max(As<T>(a), As<T>(b))),
            "copysign" => static (a, b, _) => Bits(T.CopySign(As<T>(b), As<T>(a))), // the first operand's sign
            "setp.ne" => static (a, b, _) => Bits(As<T>(a) < As<T>(b) || As<T>(a) > As<T>(b)),
            "setp.equ" => static (a, b, _) => Bits(!(As<T>(a) < As<T>(b) || As<T>(a) > As<T>(b))),
            "setp.neu" => static (a, b, _) => Bits(As<T>(a) != As<T>(b)),
            "setp.ltu" => static (a, b, _) => Bits(!(As<T>(a) >= As<T>(b))),
            "setp.leu" => static (a, b, _) => Bits(!(As<T>(a) > As<T>(b))),
            "setp.gtu" => static (a, b, _) => Bits(!(As<T>(a) <= As<T>(b))),
            "setp.geu" => static (a, b, _) => Bits(!(As<T>(a) < As<T>(b))),
            "setp.num" => static (a, b, _) => Bits(!T.IsNaN(As<T>(a)) && !T.IsNaN(As<T>(b))),
            "setp.nan" => static (a, b, _) => Bits(T.IsNaN(As<T>(a)) || T.IsNaN(As<T>(b))),
            "testp.notanumber" => static (a, _, _) => Bits(T.IsNaN(As<T>(a))),
            "testp.number" => static (a, _, _) => Bits(!T.IsNaN(As<T>(a))),
            "testp.finite" => static (a, _, _) => Bits(T.IsFinite(As<T>(a))),
            "testp.infinite" => static (a, _, _) => Bits(T.IsInfinity(As<T>(a))),
            "testp.normal" => static (a, _, _) => Bits(T.IsNormal(As<T>(a))),
            "testp.subnormal" => static (a, _, _) => Bits(T.IsSubnormal(As<T>(a))),
            _ => Any<T>(name) ?? Approximate<T>(name),
        };

    // Close to the truth is all that is promised: here it is the float64's, rounded.
    private static PtxFunction? Approximate<T>(string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        return name switch
        {
            "div.approx" or "div.full" => static (a, b, _) => Bits(As<T>(a) / As<T>(b)),
            "rcp.approx" => Near(static x => 1 / x),
            "sqrt.approx" => Near(Math.Sqrt),
            "rsqrt.approx" => Near(static x => 1 / Math.Sqrt(x)),
            "sin.approx" => Near(Math.Sin),
            "cos.approx" => Near(Math.Cos),
            "ex2.approx" => Near(static x => Math.Pow(2, x)),
            "lg2.approx" => Near(Math.Log2),
            "tanh.approx" => Near(Math.Tanh),
            _ => null,
        };

        static PtxFunction Near(Func<double, double> function) => (a, _, _) => Bits(T.CreateChecked(function(double.CreateChecked(As<T>(a)))));
    }

    private static PtxFunction? Integer<T, TWide>(string name)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        where TWide : unmanaged, IBinaryInteger<TWide> => name switch
        {
            "mul.lo" => static (a, b, _) => Bits(As<T>(a) * As<T>(b)),
            "mul.hi" => static (a, b, _) => Bits(High<T, TWide>(As<T>(a), As<T>(b))),
            "mul.wide" => static (a, b, _) => Bits(Wide<T, TWide>(As<T>(a), As<T>(b))),
            "mad.lo" => static (a, b, c) => Bits(As<T>(a) * As<T>(b) + As<T>(c)),
            "mad.hi" => static (a, b, c) => Bits(High<T, TWide>(As<T>(a), As<T>(b)) + As<T>(c)),
            "mad.wide" => static (a, b, c) => Bits(Wide<T, TWide>(As<T>(a), As<T>(b)) + As<TWide>(c)),
            "div" => static (a, b, _) => Bits(Quotient(As<T>(a), As<T>(b))),
            "rem" => static (a, b, _) => Bits(As<T>(b) == T.Zero ? As<T>(a) : As<T>(a) - Quotient(As<T>(a), As<T>(b)) * As<T>(b)),
            "abs" => static (a, _, _) => Bits(T.IsNegative(As<T>(a)) ? -As<T>(a) : As<T>(a)),
            "min" => static (a, b, _) => Bits(T.Min(As<T>(a), As<T>(b))),
            "max" => static (a, b, _) => Bits(T.Max(As<T>(a), As<T>(b))),
            "setp.ne" => static (a, b, _) => Bits(As<T>(a) != As<T>(b)),
            "setp.lo" => static (a, b, _) => Bits(As<T>(a) < As<T>(b)),
            "setp.ls" => static (a, b, _) => Bits(As<T>(a) <= As<T>(b)),
            "setp.hi" => static (a, b, _) => Bits(As<T>(a) > As<T>(b)),
            "setp.hs" => static (a, b, _) => Bits(As<T>(a) >= As<T>(b)),
            "shr" => static (a, b, _) => Bits((uint)b < Width<T>() ? As<T>(a) >> (int)b : T.IsNegative(As<T>(a)) ? T.AllBitsSet : T.Zero),
            "bfe" when T.IsZero(T.MinValue) => static (a, b, c) => Bits(Field(As<T>(a), (byte)b, (byte)c)),
            _ => Any<T>(name) ?? Select(name),
        };

    private static PtxFunction? Pattern<T, TSigned>(string name)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => name switch
        {
            "and" => static (a, b, _) => Bits(As<T>(a) & As<T>(b)),
            "or" => static (a, b, _) => Bits(As<T>(a) | As<T>(b)),
            "xor" => static (a, b, _) => Bits(As<T>(a) ^ As<T>(b)),
            "not" => static (a, _, _) => Bits(~As<T>(a)),
            "shl" => static (a, b, _) => Bits((uint)b < Width<T>() ? As<T>(a) << (int)b : T.Zero),
            "shr" => static (a, b, _) => Bits((uint)b < Width<T>() ? As<T>(a) >> (int)b : T.Zero),
            "popc" => static (a, _, _) => Bits(uint.CreateChecked(T.PopCount(As<T>(a)))),
            "clz" => static (a, _, _) => Bits(uint.CreateChecked(T.LeadingZeroCount(As<T>(a)))),
            "brev" => static (a, _, _) => Bits(Reversed(As<T>(a))),
            "setp.eq" => static (a, b, _) => Bits(As<T>(a) == As<T>(b)),
            "setp.ne" => static (a, b, _) => Bits(As<T>(a) != As<T>(b)),
            _ => Select(name),
        };

    private static PtxFunction? Words(string name) => name switch
    {
        "shf.l.wrap" => static (a, b, c) => Bits((uint)(((b << 32 | (uint)a) << (int)(c & 31)) >> 32)),
        "shf.r.wrap" => static (a, b, c) => Bits((uint)((b << 32 | (uint)a) >> (int)(c & 31))),
        "prmt" => static (a, b, c) => Bits(Permuted(b << 32 | (uint)a, (uint)c)),
        _ => null,
    };

    private static uint Width<T>()
        where T : unmanaged, IBinaryInteger<T> => (uint)(8 * T.Zero.GetByteCount());

    private static TWide Wide<T, TWide>(T a, T b)
        where T : unmanaged, IBinaryInteger<T>
        where TWide : unmanaged, IBinaryInteger<TWide> => TWide.CreateTruncating(a) * TWide.CreateTruncating(b);

    private static T High<T, TWide>(T a, T b)
        where T : unmanaged, IBinaryInteger<T>
        where TWide : unmanaged, IBinaryInteger<TWide> => T.CreateTruncating(Wide<T, TWide>(a, b) >> (int)Width<T>());

    // A quotient by zero is whatever the hardware gives, which is all bits; that of the smallest number by -1 wraps.
    private static T Quotient<T>(T a, T b)
        where T : unmanaged, IBinaryInteger<T> => b == T.Zero ? T.AllBitsSet : b == T.AllBitsSet && T.IsNegative(b) ? -a : a / b;

    private static T Field<T>(T a, int start, int length)
        where T : unmanaged, IBinaryInteger<T>
    {
        var moved = start < Width<T>() ? a >> start : T.Zero;
        return length < Width<T>() ? moved & ((T.One << length) - T.One) : moved;
    }

    private static T Reversed<T>(T a)
        where T : unmanaged, IBinaryInteger<T>
    {
        var reversed = T.Zero;
        for (var i = 0; i < Width<T>(); i++) reversed = reversed << 1 | (a >> i & T.One);
        return reversed;
    }

    private static uint Permuted(ulong bytes, uint selector)
    {
        uint result = 0;
        for (var i = 0; i < 4; i++)
        {
            var choice = (int)(selector >> 4 * i);
            var chosen = (byte)(bytes >> 8 * (choice & 7));
            if ((choice & 8) != 0) chosen = (byte)((sbyte)chosen >> 7); // its sign, eight times
            result |= (uint)chosen << 8 * i;
        }

        return result;
    }
}
