using Noether.Kernels.Lanes;

namespace Noether.Kernels.Tests.Lanes;

/// <summary>Every operator of every width agrees with the single lane, which agrees with plain C#.</summary>
public sealed class LanesTests
{
    private static readonly double[] Numbers =
    [
        0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 3.75, -3.75, 1e-3, 12345.678, -98765.4321, 8388607.5, 1e10, -1e10, 3e37, 1.2e-38,
        double.PositiveInfinity, double.NegativeInfinity, double.NaN,
    ];

    private static readonly long[] Integers = [0, 1, -1, 2, -7, 100, 127, 128, 255, int.MaxValue, int.MinValue, 123456789012345, long.MinValue];

    [Test]
    public void Float32_lanes_of_every_width_agree_with_the_single_lane()
    {
        var values = Numbers.Select(x => (float)x).ToArray();
        Floats<FloatLanes512<float>, Float32Lane, float>(values);
        Floats<FloatLanes256<float>, Float32Lane, float>(values);
        Floats<FloatLanes128<float>, Float32Lane, float>(values);
    }

    [Test]
    public void Float64_lanes_of_every_width_agree_with_the_single_lane()
    {
        Floats<FloatLanes512<double>, Float64Lane, double>(Numbers);
        Floats<FloatLanes256<double>, Float64Lane, double>(Numbers);
        Floats<FloatLanes128<double>, Float64Lane, double>(Numbers);
    }

    [Test]
    public void Int32_lanes_of_every_width_agree_with_the_single_lane()
    {
        var values = Integers.Select(x => (int)x).ToArray();
        Integral<IntegerLanes512<int>, Int32Lane, int>(values);
        Integral<IntegerLanes256<int>, Int32Lane, int>(values);
        Integral<IntegerLanes128<int>, Int32Lane, int>(values);
    }

    [Test]
    public void Int64_lanes_of_every_width_agree_with_the_single_lane()
    {
        Integral<IntegerLanes512<long>, Int64Lane, long>(Integers);
        Integral<IntegerLanes256<long>, Int64Lane, long>(Integers);
        Integral<IntegerLanes128<long>, Int64Lane, long>(Integers);
    }

    [Test]
    public void Byte_lanes_of_every_width_agree_with_the_single_lane()
    {
        var values = Integers.Select(x => (byte)x).ToArray();
        Integral<IntegerLanes512<byte>, BoolLane, byte>(values);
        Integral<IntegerLanes256<byte>, BoolLane, byte>(values);
        Integral<IntegerLanes128<byte>, BoolLane, byte>(values);
    }

    private static void Floats<V, S, T>(T[] values)
        where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
        where S : struct, IFloatLanes<S>, IVectorLanes<S, T>
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        Common<V, S, T>(values);
        T[] normal = [.. values.Where(x => T.IsNormal(x) && T.IsPositive(x))];
        T[] powers = [.. Enumerable.Range(-31, 63).Select(n => T.CreateChecked(8 * n))];
        Each<V, S, T>("/", values, (x, y, _) => x / y, (x, y, _) => x / y, (x, y, _) => x / y);
        Each<V, S, T>("Sqrt", values, (x, _, _) => V.Sqrt(x), (x, _, _) => S.Sqrt(x), (x, _, _) => T.Sqrt(x));
        Each<V, S, T>("Floor", values, (x, _, _) => V.Floor(x), (x, _, _) => S.Floor(x), (x, _, _) => T.Floor(x));
        Each<V, S, T>("Round", values, (x, _, _) => V.Round(x), (x, _, _) => S.Round(x), (x, _, _) => T.Round(x));
        Each<V, S, T>("Truncate", values, (x, _, _) => V.Truncate(x), (x, _, _) => S.Truncate(x), (x, _, _) => T.Truncate(x));
        Each<V, S, T>("CopySign", values, (x, y, _) => V.CopySign(x, y), (x, y, _) => S.CopySign(x, y), (x, y, _) => T.CopySign(x, y));
        Each<V, S, T>("Scale", powers, (n, m, _) => V.Scale(n / V.Constant(3), m), (n, m, _) => S.Scale(n / S.Constant(3), m),
            (n, m, _) => T.ScaleB(n / T.CreateChecked(3), int.CreateChecked(m)));
        Each<V, S, T>("Exponent", normal, (x, _, _) => V.Exponent(x), (x, _, _) => S.Exponent(x), (x, _, _) => T.CreateChecked(T.ILogB(x)));
        Each<V, S, T>("Significand", normal, (x, _, _) => V.Significand(x), (x, _, _) => S.Significand(x), (x, _, _) => T.ScaleB(x, -T.ILogB(x)));

        // small integers: the product and the sum are exact whether fused or not
        T[] small = [.. Enumerable.Range(-9, 19).Select(n => T.CreateChecked(n))];
        Each<V, S, T>("MultiplyAdd", small, V.MultiplyAdd, S.MultiplyAdd, (x, y, z) => x * y + z);

        var single = typeof(T) == typeof(float);
        T[] dense = [.. Enumerable.Range(1, 40).Select(n => T.CreateChecked(n) / T.CreateChecked(7))];
        Each<V, S, T>("ProductError", dense, (x, y, _) => V.ProductError(x, y, x * y), (x, y, _) => S.ProductError(x, y, x * y), null);
        Each<V, S, T>("High", dense, (x, _, _) => V.High(x), (x, _, _) => S.High(x), null);
        foreach (var x in dense)
        {
            var high = Out<S, T>(S.High(In<S, T>(x)));
            Assert.That(T.Abs(x - high), Is.LessThan(T.ScaleB(x, single ? -11 : -25)));
            var square = Out<S, T>(S.ProductError(In<S, T>(x), In<S, T>(x), In<S, T>(x * x)));
            Assert.That(square, Is.EqualTo(T.FusedMultiplyAdd(x, x, -(x * x))));
        }

        Assert.That(V.IsSingle, Is.EqualTo(single));
        Assert.That(S.IsSingle, Is.EqualTo(single));
    }

    private static void Integral<V, S, T>(T[] values)
        where V : struct, IIntegerLanes<V>, IVectorLanes<V, T>
        where S : struct, IIntegerLanes<S>, IVectorLanes<S, T>
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        Common<V, S, T>(values);
        Each<V, S, T>("&", values, (x, y, _) => x & y, (x, y, _) => x & y, (x, y, _) => x & y);
        Each<V, S, T>("|", values, (x, y, _) => x | y, (x, y, _) => x | y, (x, y, _) => x | y);
        Each<V, S, T>("^", values, (x, y, _) => x ^ y, (x, y, _) => x ^ y, (x, y, _) => x ^ y);
        Each<V, S, T>("~", values, (x, _, _) => ~x, (x, _, _) => ~x, (x, _, _) => ~x);
        Each<V, S, T>("Divide", values, (x, y, _) => V.Divide(x, y), (x, y, _) => S.Divide(x, y), null);
        var bits = System.Runtime.CompilerServices.Unsafe.SizeOf<T>() * 8;
        for (var n = 0; n < bits; n++)
        {
            var count = T.CreateChecked(n);
            var (v, s) = (V.Constant(n), S.Constant(n));
            Each<V, S, T>("ShiftLeft", values, (x, _, _) => V.ShiftLeft(x, v), (x, _, _) => S.ShiftLeft(x, s), (x, _, _) => x << n);
            Each<V, S, T>("ShiftRight", values, (x, _, _) => V.ShiftRight(x, v), (x, _, _) => S.ShiftRight(x, s),
                typeof(T) == typeof(byte) ? null : (x, _, _) => x >> n);
            Each<V, S, T>("ShiftRightLogical", values, (x, _, _) => V.ShiftRightLogical(x, v), (x, _, _) => S.ShiftRightLogical(x, s),
                (x, _, _) => x >>> n);
        }

        foreach (var x in values)
        {
            foreach (var y in values)
            {
                if (y != T.Zero && !(x == T.AllBitsSet << (bits - 1) && y == T.AllBitsSet))
                    Assert.That(Out<S, T>(S.Divide(In<S, T>(x), In<S, T>(y))), Is.EqualTo(x / y), $"{x} / {y}");
            }

            Assert.That(Out<S, T>(S.Divide(In<S, T>(x), In<S, T>(T.Zero))), Is.EqualTo(T.Zero));
        }
    }

    private static void Common<V, S, T>(T[] values)
        where V : struct, ILanes<V>, IVectorLanes<V, T>
        where S : struct, ILanes<S>, IVectorLanes<S, T>
        where T : unmanaged, System.Numerics.INumber<T>
    {
        Each<V, S, T>("+", values, (x, y, _) => x + y, (x, y, _) => x + y, (x, y, _) => unchecked(x + y));
        Each<V, S, T>("-", values, (x, y, _) => x - y, (x, y, _) => x - y, (x, y, _) => unchecked(x - y));
        Each<V, S, T>("*", values, (x, y, _) => x * y, (x, y, _) => x * y, (x, y, _) => unchecked(x * y));
        Each<V, S, T>("negation", values, (x, _, _) => -x, (x, _, _) => -x, (x, _, _) => unchecked(-x));
        Each<V, S, T>("Abs", values, (x, _, _) => V.Abs(x), (x, _, _) => S.Abs(x), (x, _, _) => T.IsNegative(x) ? unchecked(-x) : x);
        Each<V, S, T>("Min", values, (x, y, _) => V.Min(x, y), (x, y, _) => S.Min(x, y), (x, y, _) => T.Min(x, y));
        Each<V, S, T>("Max", values, (x, y, _) => V.Max(x, y), (x, y, _) => S.Max(x, y), (x, y, _) => T.Max(x, y));
        Each<V, S, T>("Select", values, (x, y, z) => V.Select(V.Less(x, y), y, z), (x, y, z) => S.Select(S.Less(x, y), y, z), (x, y, z) => x < y ? y : z);
        Masks<V, S, T>("Equal", values, V.Equal, S.Equal, (x, y) => x == y);
        Masks<V, S, T>("Less", values, V.Less, S.Less, (x, y) => x < y);
        Masks<V, S, T>("LessOrEqual", values, V.LessOrEqual, S.LessOrEqual, (x, y) => x <= y);
        Masks<V, S, T>("MaskAnd", values, (x, y) => V.MaskAnd(V.Less(x, y), V.Less(V.Constant(1), x)),
            (x, y) => S.MaskAnd(S.Less(x, y), S.Less(S.Constant(1), x)), (x, y) => x < y && x > T.One);
        Masks<V, S, T>("MaskOr", values, (x, y) => V.MaskOr(V.Less(x, y), V.Less(V.Constant(1), x)),
            (x, y) => S.MaskOr(S.Less(x, y), S.Less(S.Constant(1), x)), (x, y) => x < y || x > T.One);
        Masks<V, S, T>("MaskNot", values, (x, y) => V.MaskNot(V.Less(x, y)), (x, y) => S.MaskNot(S.Less(x, y)), (x, y) => !(x < y));
        Assert.That(Out<V, T>(V.Constant(42)), Is.EqualTo(T.CreateChecked(42)));
        Assert.That(Out<S, T>(S.Constant(42)), Is.EqualTo(T.CreateChecked(42)));
    }

    // Vectors hold neighbours of the case (x, y, z) in their other lanes, so a lane that reads its neighbour shows.
    private static void Each<V, S, T>(string name, T[] values, Func<V, V, V, V> vector, Func<S, S, S, S> scalar, Func<T, T, T, T>? expected)
        where V : struct, IVectorLanes<V, T>
        where S : struct, IVectorLanes<S, T>
        where T : unmanaged, System.Numerics.INumber<T>
    {
        var n = values.Length;
        T[] x = new T[V.Count], y = new T[V.Count], z = new T[V.Count], result = new T[V.Count];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                for (var k = 0; k < V.Count; k++)
                    (x[k], y[k], z[k]) = (values[(i + k) % n], values[(j + 2 * k) % n], values[(i + j + 3 * k) % n]);
                V.Store(vector(V.Load(in x[0]), V.Load(in y[0]), V.Load(in z[0])), ref result[0]);
                for (var k = 0; k < V.Count; k++)
                {
                    var one = Out<S, T>(scalar(In<S, T>(x[k]), In<S, T>(y[k]), In<S, T>(z[k])));
                    var right = expected is null ? one : expected(x[k], y[k], z[k]);
                    if (!Same(one, right) || !Same(result[k], right))
                        Assert.Fail($"{name}({x[k]}, {y[k]}, {z[k]}) in lane {k} of {typeof(V)}: {result[k]}, single {one}, expected {right}");
                }
            }
        }
    }

    private static void Masks<V, S, T>(string name, T[] values, Func<V, V, V> vector, Func<S, S, S> scalar, Func<T, T, bool> expected)
        where V : struct, ILanes<V>, IVectorLanes<V, T>
        where S : struct, ILanes<S>, IVectorLanes<S, T>
        where T : unmanaged, System.Numerics.INumber<T>
    {
        var n = values.Length;
        T[] x = new T[V.Count], y = new T[V.Count];
        byte[] bytes = new byte[V.Count + 2], one = new byte[1];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                for (var k = 0; k < V.Count; k++)
                    (x[k], y[k]) = (values[(i + k) % n], values[(j + 2 * k) % n]);
                bytes.AsSpan().Fill(77);
                var mask = vector(V.Load(in x[0]), V.Load(in y[0]));
                V.StoreMask(mask, ref bytes[1]);
                Assert.That((bytes[0], bytes[^1]), Is.EqualTo(((byte)77, (byte)77)), "the mask overran its bytes");
                Assert.That(V.Any(mask), Is.EqualTo(bytes.AsSpan(1, V.Count).Contains((byte)1)));
                for (var k = 0; k < V.Count; k++)
                {
                    S.StoreMask(scalar(In<S, T>(x[k]), In<S, T>(y[k])), ref one[0]);
                    byte right = expected(x[k], y[k]) ? (byte)1 : (byte)0;
                    if (bytes[1 + k] != right || one[0] != right)
                        Assert.Fail($"{name}({x[k]}, {y[k]}) in lane {k} of {typeof(V)}: {bytes[1 + k]}, single {one[0]}, expected {right}");
                }

                var again = new byte[V.Count];
                V.StoreMask(V.LoadMask(in bytes[1]), ref again[0]);
                Assert.That(again, Is.EqualTo(bytes[1..^1]));
                Assert.That(S.Any(S.LoadMask(in again[0])), Is.EqualTo(again[0] != 0));
            }
        }
    }

    // The bits count, so that -0 differs from 0; any NaN is as good as another.
    private static bool Same<T>(T x, T y)
        where T : unmanaged, System.Numerics.INumber<T> =>
        T.IsNaN(x) ? T.IsNaN(y) : x == y && T.IsNegative(x) == T.IsNegative(y);

    private static S In<S, T>(T x)
        where S : struct, IVectorLanes<S, T>
        where T : unmanaged => S.Load(in x);

    private static T Out<S, T>(S x)
        where S : struct, IVectorLanes<S, T>
        where T : unmanaged
    {
        Span<T> all = stackalloc T[S.Count];
        S.Store(x, ref all[0]);
        return all[0];
    }
}
