using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Noether.Kernels.Lanes;

/// <summary>8 lanes of float32 or 4 of float64 in one 256-bit register.</summary>
/// <remarks>
/// Masks have all bits of a true lane set. A method branches on <c>typeof(T)</c> and on the instruction set; the compiler folds both.
/// Values are made by object initialiser because a constructor would be one more call against the compiler's inlining budget.
/// </remarks>
/// <typeparam name="T"><see langword="float"/> or <see langword="double"/>.</typeparam>
public struct FloatLanes256<T> : ILookupLanes<FloatLanes256<T>>, IVectorLanes<FloatLanes256<T>, T>
    where T : unmanaged
{
    // 1.5 times the lowest power of two whose unit in the last place is 1: adding it to an integer leaves the integer in the low bits.
    private const float SingleOffset = 12582912f;
    private const double DoubleOffset = 6755399441055744.0;

    /// <summary>The lanes.</summary>
    public Vector256<T> Value;

    /// <inheritdoc/>
    public static bool IsSingle => typeof(T) == typeof(float);

    /// <inheritdoc/>
    public static int Count => Vector256<T>.Count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> operator +(FloatLanes256<T> x, FloatLanes256<T> y) =>
        new() { Value = x.Value + y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> operator -(FloatLanes256<T> x, FloatLanes256<T> y) =>
        new() { Value = x.Value - y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> operator *(FloatLanes256<T> x, FloatLanes256<T> y) =>
        new() { Value = x.Value * y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> operator -(FloatLanes256<T> x) =>
        new() { Value = -x.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> operator /(FloatLanes256<T> x, FloatLanes256<T> y) =>
        new() { Value = x.Value / y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> Constant(double value)
    {
        if (typeof(T) == typeof(float))
            return new() { Value = Vector256.Create((float)value).As<float, T>() };
        return new() { Value = Vector256.Create(value).As<double, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> Constant(double single, double twice)
    {
        if (typeof(T) == typeof(float))
            return new() { Value = Vector256.Create((float)single).As<float, T>() };
        return new() { Value = Vector256.Create(twice).As<double, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static FloatLanes256<T> Apart<F>(FloatLanes256<T> x, FloatLanes256<T> y)
        where F : struct, IApartForm => F.Invoke(x, y);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> ByPrecision<F>(FloatLanes256<T> x)
        where F : struct, IPrecisionForm =>
        typeof(T) == typeof(float) ? F.Single(x) : F.Twice(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> ByLookup<F>(FloatLanes256<T> x)
        where F : struct, ILookupForm =>
        (typeof(T) == typeof(float) ? Avx2.IsSupported : Avx512F.VL.IsSupported) ? F.Looked(x) : F.Computed(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> Abs(FloatLanes256<T> x) =>
        new() { Value = Vector256.Abs(x.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> Min(FloatLanes256<T> x, FloatLanes256<T> y) =>
        new() { Value = Vector256.Min(x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> Max(FloatLanes256<T> x, FloatLanes256<T> y) =>
        new() { Value = Vector256.Max(x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> Equal(FloatLanes256<T> x, FloatLanes256<T> y) =>
        new() { Value = Vector256.Equals(x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> Less(FloatLanes256<T> x, FloatLanes256<T> y) =>
        new() { Value = Vector256.LessThan(x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> LessOrEqual(FloatLanes256<T> x, FloatLanes256<T> y) =>
        new() { Value = Vector256.LessThanOrEqual(x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> MaskAnd(FloatLanes256<T> x, FloatLanes256<T> y) =>
        new() { Value = x.Value & y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> MaskOr(FloatLanes256<T> x, FloatLanes256<T> y) =>
        new() { Value = x.Value | y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> MaskNot(FloatLanes256<T> x) =>
        new() { Value = ~x.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> Select(FloatLanes256<T> mask, FloatLanes256<T> x, FloatLanes256<T> y) =>
        new() { Value = Vector256.ConditionalSelect(mask.Value, x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(FloatLanes256<T> mask) =>
        mask.Value.AsByte() != Vector256<byte>.Zero;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> Sqrt(FloatLanes256<T> x) =>
        new() { Value = Vector256.Sqrt(x.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> Floor(FloatLanes256<T> x)
    {
        if (typeof(T) == typeof(float))
            return new() { Value = Vector256.Floor(x.Value.AsSingle()).As<float, T>() };
        return new() { Value = Vector256.Floor(x.Value.AsDouble()).As<double, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> Round(FloatLanes256<T> x)
    {
        if (typeof(T) == typeof(float))
            return new() { Value = Vector256.Round(x.Value.AsSingle()).As<float, T>() };
        return new() { Value = Vector256.Round(x.Value.AsDouble()).As<double, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> Truncate(FloatLanes256<T> x)
    {
        if (typeof(T) == typeof(float))
            return new() { Value = Vector256.Truncate(x.Value.AsSingle()).As<float, T>() };
        return new() { Value = Vector256.Truncate(x.Value.AsDouble()).As<double, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> CopySign(FloatLanes256<T> x, FloatLanes256<T> sign) =>
        new() { Value = Vector256.CopySign(x.Value, sign.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> MultiplyAdd(FloatLanes256<T> x, FloatLanes256<T> y, FloatLanes256<T> z)
    {
        if (typeof(T) == typeof(float))
            return new() { Value = Vector256.MultiplyAddEstimate(x.Value.AsSingle(), y.Value.AsSingle(), z.Value.AsSingle()).As<float, T>() };
        return new() { Value = Vector256.MultiplyAddEstimate(x.Value.AsDouble(), y.Value.AsDouble(), z.Value.AsDouble()).As<double, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> ProductError(FloatLanes256<T> x, FloatLanes256<T> y, FloatLanes256<T> product)
    {
        if (typeof(T) == typeof(float))
            return new() { Value = Vector256.FusedMultiplyAdd(x.Value.AsSingle(), y.Value.AsSingle(), -product.Value.AsSingle()).As<float, T>() };
        return new() { Value = Vector256.FusedMultiplyAdd(x.Value.AsDouble(), y.Value.AsDouble(), -product.Value.AsDouble()).As<double, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> Scale(FloatLanes256<T> x, FloatLanes256<T> n)
    {
        if (typeof(T) == typeof(float))
        {
            if (Avx512F.VL.IsSupported)
                return new() { Value = Avx512F.VL.Scale(x.Value.AsSingle(), n.Value.AsSingle()).As<float, T>() };
            return new() { Value = (x.Value.AsSingle() * Half(n.Value.AsSingle()) * Rest(n.Value.AsSingle())).As<float, T>() };
        }

        if (Avx512F.VL.IsSupported)
            return new() { Value = Avx512F.VL.Scale(x.Value.AsDouble(), n.Value.AsDouble()).As<double, T>() };
        return new() { Value = (x.Value.AsDouble() * Half(n.Value.AsDouble()) * Rest(n.Value.AsDouble())).As<double, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> Exponent(FloatLanes256<T> x)
    {
        if (typeof(T) == typeof(float))
        {
            if (Avx512F.VL.IsSupported)
                return new() { Value = Avx512F.VL.GetExponent(x.Value.AsSingle()).As<float, T>() };
            return new() { Value = (((x.Value.AsInt32() >>> 23) | Vector256.Create(8388608f).AsInt32()).AsSingle() - Vector256.Create(8388608f + 127f)).As<float, T>() };
        }

        if (Avx512F.VL.IsSupported)
            return new() { Value = Avx512F.VL.GetExponent(x.Value.AsDouble()).As<double, T>() };
        return new() { Value = (((x.Value.AsInt64() >>> 52) | Vector256.Create(4503599627370496.0).AsInt64()).AsDouble() - Vector256.Create(4503599627370496.0 + 1023.0)).As<double, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> Significand(FloatLanes256<T> x)
    {
        if (typeof(T) == typeof(float))
        {
            if (Avx512F.VL.IsSupported)
                return new() { Value = Avx512F.VL.GetMantissa(x.Value.AsSingle(), 0).As<float, T>() };
            return new() { Value = ((x.Value.AsInt32() & Vector256.Create(0x007F_FFFF)) | Vector256.Create(1f).AsInt32()).AsSingle().As<float, T>() };
        }

        if (Avx512F.VL.IsSupported)
            return new() { Value = Avx512F.VL.GetMantissa(x.Value.AsDouble(), 0).As<double, T>() };
        return new() { Value = ((x.Value.AsInt64() & Vector256.Create(0x000F_FFFF_FFFF_FFFF)) | Vector256.Create(1.0).AsInt64()).AsDouble().As<double, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> High(FloatLanes256<T> x)
    {
        if (typeof(T) == typeof(float))
            return new() { Value = (x.Value.AsInt32() & Vector256.Create(~0xFFF)).AsSingle().As<float, T>() };
        return new() { Value = ((x.Value.AsInt64() + Vector256.Create(0x400_0000L)) & Vector256.Create(~0x7FF_FFFFL)).AsDouble().As<double, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> Place(FloatLanes256<T> x, FloatLanes256<T> y) =>
        MultiplyAdd(x, y, Constant(SingleOffset, DoubleOffset));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> Lookup(ref readonly float table, FloatLanes256<T> place) =>
        new()
        {
            Value = Avx.BlendVariable(
                Avx2.PermuteVar8x32(Vector256.LoadUnsafe(in table), place.Value.AsInt32()),
                Avx2.PermuteVar8x32(Vector256.LoadUnsafe(in table, 8), place.Value.AsInt32()),
                (place.Value.AsInt32() << 28).AsSingle()).As<float, T>(),
        };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> Lookup(ref readonly double table, FloatLanes256<T> place) =>
        new() { Value = Avx512F.VL.PermuteVar4x64x2(Vector256.LoadUnsafe(in table), place.Value.AsInt64(), Vector256.LoadUnsafe(in table, 4)).As<double, T>() };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> Load(ref readonly T source) =>
        new() { Value = Vector256.LoadUnsafe(in source) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(FloatLanes256<T> x, ref T destination) =>
        x.Value.StoreUnsafe(ref destination);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes256<T> LoadMask(ref readonly byte source) =>
        new() { Value = MaskBytes.Load256<T>(in source) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMask(FloatLanes256<T> mask, ref byte destination) =>
        MaskBytes.Store(mask.Value, ref destination);

    // 2ⁿ may not be a number where x·2ⁿ is, so it is applied in two factors: 2^⌊n/2⌋ and the rest.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Half(Vector256<float> n)
    {
        var biased = (n + Vector256.Create(SingleOffset)).AsInt32() - Vector256.Create(SingleOffset - 256).AsInt32();
        return (((biased >>> 1) + Vector256.Create(127 - 256 / 2)) << 23).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Rest(Vector256<float> n)
    {
        var biased = (n + Vector256.Create(SingleOffset)).AsInt32() - Vector256.Create(SingleOffset - 256).AsInt32();
        return ((biased - (biased >>> 1) + Vector256.Create(127 - 256 / 2)) << 23).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Half(Vector256<double> n)
    {
        var biased = (n + Vector256.Create(DoubleOffset)).AsInt64() - Vector256.Create(DoubleOffset - 2048).AsInt64();
        return (((biased >>> 1) + Vector256.Create(1023L - 2048 / 2)) << 52).AsDouble();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Rest(Vector256<double> n)
    {
        var biased = (n + Vector256.Create(DoubleOffset)).AsInt64() - Vector256.Create(DoubleOffset - 2048).AsInt64();
        return ((biased - (biased >>> 1) + Vector256.Create(1023L - 2048 / 2)) << 52).AsDouble();
    }
}
