using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Kernels.Tests.Lanes;

/// <summary>Conversions between element types, from memory, to memory and in registers, on every width, against C#'s own casts.</summary>
public sealed class LaneConversionTests
{
    private const int Room = 64;

    private static readonly double[] Numbers =
    [
        0, -0.0, 1, -1, 0.5, -0.5, 1.5, -1.5, 2.9, -2.9, 1e-3, 12345.678, -98765.4321, 8388607.5, 16777217, 1e10, -1e10, 3e37, 1.2e-38, 1e-44, 1e300,
        2147483646.5, 2147483647, 2147483648, -2147483648, -2147483649, -2147483648.5, 9.2233720368547748e18, 9.2233720368547758e18, -9.2233720368547758e18, -1e19,
        1.00390625, 1.01171875, 3.4e38, double.PositiveInfinity, double.NegativeInfinity, double.NaN,
    ];

    private static readonly long[] Integers =
    [
        0, 1, -1, 2, -7, 100, 255, 16777217, -16777219, int.MaxValue, int.MinValue, 2147483648, -2147483649, 123456789012345, long.MaxValue, long.MinValue,
        9007199254740993, 36028797018963967, -36028797018963969, 18014399583223809, 4611686293305294849, 4611686293305294848,
    ];

    [Test]
    public void Memory_of_every_type_becomes_lanes_of_every_type() =>
        Assert.Multiple(() =>
        {
            ForSources(new LoadCheck());
        });

    [Test]
    public void Lanes_of_every_type_become_memory_of_every_type() =>
        Assert.Multiple(() =>
        {
            ForSources(new StoreCheck());
        });

    [Test]
    public void Lanes_become_as_many_lanes_of_another_type()
    {
        Registers<FloatLanes512<float>, float, IntegerLanes512<int>, int>();
        Registers<FloatLanes256<float>, float, IntegerLanes256<int>, int>();
        Registers<FloatLanes128<float>, float, IntegerLanes128<int>, int>();
        Registers<IntegerLanes512<int>, int, FloatLanes512<float>, float>();
        Registers<IntegerLanes256<int>, int, FloatLanes256<float>, float>();
        Registers<IntegerLanes128<int>, int, FloatLanes128<float>, float>();
        Registers<FloatLanes512<double>, double, IntegerLanes512<long>, long>();
        Registers<FloatLanes256<double>, double, IntegerLanes256<long>, long>();
        Registers<FloatLanes128<double>, double, IntegerLanes128<long>, long>();
        Registers<IntegerLanes512<long>, long, FloatLanes512<double>, double>();
        Registers<IntegerLanes256<long>, long, FloatLanes256<double>, double>();
        Registers<IntegerLanes128<long>, long, FloatLanes128<double>, double>();
        Registers<FloatLanes256<float>, float, FloatLanes512<double>, double>();
        Registers<FloatLanes128<float>, float, FloatLanes256<double>, double>();
        Registers<FloatLanes512<double>, double, FloatLanes256<float>, float>();
        Registers<FloatLanes256<double>, double, FloatLanes128<float>, float>();
        Registers<IntegerLanes256<int>, int, FloatLanes512<double>, double>();
        Registers<IntegerLanes128<int>, int, IntegerLanes256<long>, long>();
        Registers<FloatLanes256<float>, float, IntegerLanes512<long>, long>();
        Registers<FloatLanes512<double>, double, IntegerLanes256<int>, int>();
        Registers<FloatLanes256<double>, double, IntegerLanes128<int>, int>();
        Registers<IntegerLanes512<long>, long, FloatLanes256<float>, float>();
        Registers<IntegerLanes256<long>, long, IntegerLanes128<int>, int>();
        Registers<Float32Lane, float, Int64Lane, long>();
        Registers<Float64Lane, double, Float32Lane, float>();
        Registers<Int64Lane, long, Float64Lane, double>();
    }

    [Test]
    public void Masks_fit_lanes_of_the_other_size()
    {
        Masks<FloatLanes512<double>, double, FloatLanes256<float>, float>();
        Masks<FloatLanes256<float>, float, FloatLanes512<double>, double>();
        Masks<FloatLanes256<double>, double, IntegerLanes128<int>, int>();
        Masks<IntegerLanes128<int>, int, FloatLanes256<double>, double>();
        Masks<FloatLanes512<float>, float, IntegerLanes512<int>, int>();
        Masks<Float32Lane, float, Float64Lane, double>();
    }

    // C# casts in these rules, but for truncation of int64, and bfloat16, which rounds float32 by the framework-independent formula below.
    private static TTo Expected<TFrom, TTo>(TFrom x)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        if (typeof(TFrom) == typeof(ushort)) return Expected<float, TTo>(BitConverter.Int32BitsToSingle(Unsafe.BitCast<TFrom, ushort>(x) << 16));
        if (typeof(TTo) == typeof(ushort)) return Unsafe.BitCast<ushort, TTo>(Nearest(Expected<TFrom, float>(x)));
        if (typeof(TFrom) == typeof(long) && typeof(TTo) == typeof(int)) return Unsafe.BitCast<int, TTo>(unchecked((int)Unsafe.BitCast<TFrom, long>(x)));
        if (typeof(TFrom) == typeof(byte)) return Number<TTo>(Unsafe.BitCast<TFrom, byte>(x));
        if (typeof(TFrom) == typeof(int)) return Number<TTo>(Unsafe.BitCast<TFrom, int>(x));
        if (typeof(TFrom) == typeof(long)) return Number<TTo>(Unsafe.BitCast<TFrom, long>(x));
        return typeof(TFrom) == typeof(float) ? Number<TTo>(Unsafe.BitCast<TFrom, float>(x)) : Number<TTo>(Unsafe.BitCast<TFrom, double>(x));
    }

    private static TTo Number<TTo>(double x) => (TTo)(object)(typeof(TTo) == typeof(float) ? (object)(float)x : typeof(TTo) == typeof(double) ? x
        : typeof(TTo) == typeof(int) ? int.CreateSaturating(x) : (object)long.CreateSaturating(x));

    private static TTo Number<TTo>(long x) => (TTo)(object)(typeof(TTo) == typeof(float) ? (object)(float)x : typeof(TTo) == typeof(double) ? (double)x
        : typeof(TTo) == typeof(int) ? (int)x : (object)x);

    // the nearer of the two neighbours, in float64; of two equally near the even one
    private static ushort Nearest(float x)
    {
        var bits = BitConverter.SingleToUInt32Bits(x);
        var low = (ushort)(bits >> 16);
        if (!float.IsFinite(x)) return float.IsNaN(x) ? (ushort)(low | 0x40) : low;
        double below = BitConverter.UInt32BitsToSingle((uint)low << 16), step = Math.ScaleB(1, Math.Max((int)(bits >> 23 & 255), 1) - 127 - 7);
        var rest = Math.Abs(x - below) / step;
        return (ushort)(low + (rest > 0.5 || (rest == 0.5 && (low & 1) == 1) ? 1 : 0));
    }

    private static T[] Values<T>()
        where T : unmanaged
    {
        object values = typeof(T) == typeof(float) ? Numbers.Select(x => (float)x).ToArray()
            : typeof(T) == typeof(double) ? Numbers
            : typeof(T) == typeof(int) ? Integers.Select(x => (int)x).ToArray()
            : typeof(T) == typeof(long) ? Integers
            : typeof(T) == typeof(ushort) ? Numbers.Select(x => (ushort)(BitConverter.SingleToUInt32Bits((float)x) >> 16)).ToArray()
            : new byte[] { 0, 1, 1, 0, 0, 0, 1 };
        return (T[])values;
    }

    private static bool Same<T>(T x, T y)
        where T : unmanaged
    {
        if (x is float a && y is float b) return float.IsNaN(a) ? float.IsNaN(b) : BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b);
        if (x is double c && y is double d) return double.IsNaN(c) ? double.IsNaN(d) : BitConverter.DoubleToInt64Bits(c) == BitConverter.DoubleToInt64Bits(d);
        return x.Equals(y);
    }

    private static void Compare<TFrom, TTo>(string what, ReadOnlySpan<TFrom> x, ReadOnlySpan<TTo> result)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        for (var k = 0; k < result.Length; k++)
        {
            var right = Expected<TFrom, TTo>(x[k]);
            if (!Same(result[k], right)) Assert.Fail($"{what}: {typeof(TFrom).Name} {x[k]} in lane {k} became {typeof(TTo).Name} {result[k]}, expected {right}");
        }
    }

    private interface ICheck
    {
        void Run<V, T, TOther>()
            where V : struct, IVectorLanes<V, T>
            where T : unmanaged
            where TOther : unmanaged;
    }

    private static void ForSources<C>(C check)
        where C : ICheck
    {
        ForLanes<C, float>(check);
        ForLanes<C, double>(check);
        ForLanes<C, int>(check);
        ForLanes<C, long>(check);
        ForLanes<C, ushort>(check);
        if (check is LoadCheck) ForLanes<C, byte>(check);
    }

    private static void ForLanes<C, TOther>(C check)
        where C : ICheck
        where TOther : unmanaged
    {
        check.Run<FloatLanes512<float>, float, TOther>();
        check.Run<FloatLanes256<float>, float, TOther>();
        check.Run<FloatLanes128<float>, float, TOther>();
        check.Run<FloatLanes512<double>, double, TOther>();
        check.Run<FloatLanes256<double>, double, TOther>();
        check.Run<FloatLanes128<double>, double, TOther>();
        check.Run<IntegerLanes512<int>, int, TOther>();
        check.Run<IntegerLanes256<int>, int, TOther>();
        check.Run<IntegerLanes128<int>, int, TOther>();
        check.Run<IntegerLanes512<long>, long, TOther>();
        check.Run<IntegerLanes256<long>, long, TOther>();
        check.Run<IntegerLanes128<long>, long, TOther>();
        check.Run<Float32Lane, float, TOther>();
        check.Run<Float64Lane, double, TOther>();
        check.Run<Int32Lane, int, TOther>();
        check.Run<Int64Lane, long, TOther>();
    }

    private readonly struct LoadCheck : ICheck
    {
        public void Run<V, T, TOther>()
            where V : struct, IVectorLanes<V, T>
            where T : unmanaged
            where TOther : unmanaged
        {
            var values = Values<TOther>();
            var x = new TOther[V.Count];
            var result = new T[V.Count];
            for (var i = 0; i < values.Length; i++)
            {
                for (var k = 0; k < V.Count; k++) x[k] = values[(i + k) % values.Length];
                V.Store(LaneConversion.Load<V, T, TOther>(in x[0]), ref result[0]);
                Compare<TOther, T>($"read into {typeof(V)}", x, result);
            }
        }
    }

    private readonly struct StoreCheck : ICheck
    {
        public void Run<V, T, TOther>()
            where V : struct, IVectorLanes<V, T>
            where T : unmanaged
            where TOther : unmanaged
        {
            var values = Values<T>();
            var x = new T[V.Count];
            var result = new TOther[V.Count + Room];
            for (var i = 0; i < values.Length; i++)
            {
                for (var k = 0; k < V.Count; k++) x[k] = values[(i + k) % values.Length];
                Array.Clear(result);
                LaneConversion.Store<V, T, TOther>(V.Load(in x[0]), ref result[0]);
                Compare<T, TOther>($"written from {typeof(V)}", x, result.AsSpan(0, V.Count));
                Assert.That(result.AsSpan(V.Count).IndexOfAnyExcept(default(TOther)), Is.EqualTo(-1), $"{typeof(V)} overran its {V.Count} elements");
            }
        }
    }

    private static void Registers<V, TFrom, W, TTo>()
        where V : struct, IVectorLanes<V, TFrom>
        where TFrom : unmanaged
        where W : struct, IVectorLanes<W, TTo>
        where TTo : unmanaged
    {
        Assert.That(V.Count, Is.EqualTo(W.Count));
        var values = Values<TFrom>();
        var x = new TFrom[V.Count];
        var result = new TTo[W.Count];
        for (var i = 0; i < values.Length; i++)
        {
            for (var k = 0; k < V.Count; k++) x[k] = values[(i + k) % values.Length];
            W.Store(LaneConversion.Convert<V, TFrom, W, TTo>(V.Load(in x[0])), ref result[0]);
            Compare<TFrom, TTo>($"{typeof(V)} to {typeof(W)}", x, result);
        }
    }

    private static void Masks<V, TFrom, W, TTo>()
        where V : struct, IVectorLanes<V, TFrom>
        where TFrom : unmanaged
        where W : struct, IVectorLanes<W, TTo>
        where TTo : unmanaged
    {
        var random = new System.Random(3);
        byte[] bytes = new byte[V.Count], result = new byte[V.Count];
        for (var i = 0; i < 50; i++)
        {
            for (var k = 0; k < bytes.Length; k++) bytes[k] = (byte)random.Next(2);
            W.StoreMask(LaneConversion.ConvertMask<V, TFrom, W, TTo>(V.LoadMask(in bytes[0])), ref result[0]);
            Assert.That(result, Is.EqualTo(bytes), $"{typeof(V)} to {typeof(W)}");
        }
    }
}
