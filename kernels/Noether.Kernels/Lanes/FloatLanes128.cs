using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Noether.Kernels.Lanes;

/// <summary>4 lanes of float32 or 2 of float64 in one 128-bit register.</summary>
/// <remarks>
/// Masks have all bits of a true lane set. A method branches on <c>typeof(T)</c> and on the instruction set; the compiler folds both.
/// Values are made by object initialiser because a constructor would be one more call against the compiler's inlining budget.
/// </remarks>
/// <typeparam name="T"><see langword="float"/> or <see langword="double"/>.</typeparam>
public struct FloatLanes128<T> : IFloatLanes<FloatLanes128<T>>, IVectorLanes<FloatLanes128<T>, T>
    where T : unmanaged
{
    // 1.5 times the lowest power of two whose unit in the last place is 1: adding it to an integer leaves the integer in the low bits.
    private const float SingleOffset = 12582912f;
    private const double DoubleOffset = 6755399441055744.0;

    /// <summary>The lanes.</summary>
    public Vector128<T> Value;

    /// <inheritdoc/>
    public static bool IsSingle => typeof(T) == typeof(float);

    /// <inheritdoc/>
    public static int Count => Vector128<T>.Count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<T> operator +(FloatLanes128<T> x, FloatLanes128<T> y) =>
        new() { Value = x.Value + y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<T> operator -(FloatLanes128<T> x, FloatLanes128<T> y) =>
        new() { Value = x.Value - y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<T> operator *(FloatLanes128<T> x, FloatLanes128<T> y) =>
        new() { Value = x.Value * y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<T> operator -(FloatLanes128<T> x) =>
        new() { Value = -x.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<T> operator /(FloatLanes128<T> x, FloatLanes128<T> y) =>
        new() { Value = x.Value / y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<T> Constant(double value)
    {
        if (typeof(T) == typeof(float))
            return new() { Value = Vector128.Create((float)value).As<float, T>() };
        return new() { Value = Vector128.Create(value).As<double, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<T> Constant(double single, double twice)
    {
        if (typeof(T) == typeof(float))
            return new() { Value = Vector128.Create((float)single).As<float, T>() };
        return new() { Value = Vector128.Create(twice).As<double, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static FloatLanes128<T> Apart<F>(FloatLanes128<T> x, FloatLanes128<T> y)
        where F : struct, IApartForm => F.Invoke(x, y);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<T> ByPrecision<F>(FloatLanes128<T> x)
        where F : struct, IPrecisionForm =>
        typeof(T) == typeof(float) ? F.Single(x) : F.Twice(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<T> ByLookup<F>(FloatLanes128<T> x)
        where F : struct, ILookupForm =>
        F.Computed(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<T> Abs(FloatLanes128<T> x) =>
        new() { Value = Vector128.Abs(x.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<T> Min(FloatLanes128<T> x, FloatLanes128<T> y) =>
        new() { Value = Vector128.Min(x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<T> Max(FloatLanes128<T> x, FloatLanes128<T> y) =>
        new() { Value = Vector128.Max(x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<T> Equal(FloatLanes128<T> x, FloatLanes128<T> y) =>
        new() { Value = Vector128.Equals(x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<T> Less(FloatLanes128<T> x, FloatLanes128<T> y) =>
        new() { Value = Vector128.LessThan(x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<T> LessOrEqual(FloatLanes128<T> x, FloatLanes128<T> y) =>
        new() { Value = Vector128.LessThanOrEqual(x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<T> MaskAnd(FloatLanes128<T> x, FloatLanes128<T> y) =>
        new() { Value = x.Value & y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<T> MaskOr(FloatLanes128<T> x, FloatLanes128<T> y) =>
        new() { Value = x.Value | y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<T> MaskNot(FloatLanes128<T> x) =>
        new() { Value = ~x.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<T> Select(FloatLanes128<T> mask, FloatLanes128<T> x, FloatLanes128<T> y) =>
        new() { Value = Vector128.ConditionalSelect(mask.Value, x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(FloatLanes128<T> mask) =>
        mask.Value.AsByte() != Vector128<byte>.Zero;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<T> Sqrt(FloatLanes128<T> x) =>
        new() { Value = Vector128.Sqrt(x.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<T> Floor(FloatLanes128<T> x)
    {
        if (typeof(T) == typeof(float))
            return new() { Value = Vector128.Floor(x.Value.AsSingle()).As<float, T>() };
        return new() { Value = Vector128.Floor(x.Value.AsDouble()).As<double, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<T> Round(FloatLanes128<T> x)
    {
        if (typeof(T) == typeof(float))
            return new() { Value = Vector128.Round(x.Value.AsSingle()).As<float, T>() };
        return new() { Value = Vector128.Round(x.Value.AsDouble()).As<double, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<T> Truncate(FloatLanes128<T> x)
    {
        if (typeof(T) == typeof(float))
            return new() { Value = Vector128.Truncate(x.Value.AsSingle()).As<float, T>() };
        return new() { Value = Vector128.Truncate(x.Value.AsDouble()).As<double, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<T> CopySign(FloatLanes128<T> x, FloatLanes128<T> sign) =>
        new() { Value = Vector128.CopySign(x.Value, sign.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<T> MultiplyAdd(FloatLanes128<T> x, FloatLanes128<T> y, FloatLanes128<T> z)
    {
        if (typeof(T) == typeof(float))
            return new() { Value = Vector128.MultiplyAddEstimate(x.Value.AsSingle(), y.Value.AsSingle(), z.Value.AsSingle()).As<float, T>() };
        return new() { Value = Vector128.MultiplyAddEstimate(x.Value.AsDouble(), y.Value.AsDouble(), z.Value.AsDouble()).As<double, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<T> ProductError(FloatLanes128<T> x, FloatLanes128<T> y, FloatLanes128<T> product)
    {
        if (typeof(T) == typeof(float))
            return new() { Value = Vector128.FusedMultiplyAdd(x.Value.AsSingle(), y.Value.AsSingle(), -product.Value.AsSingle()).As<float, T>() };
        return new() { Value = Vector128.FusedMultiplyAdd(x.Value.AsDouble(), y.Value.AsDouble(), -product.Value.AsDouble()).As<double, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<T> Scale(FloatLanes128<T> x, FloatLanes128<T> n)
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
    public static FloatLanes128<T> Exponent(FloatLanes128<T> x)
    {
        if (typeof(T) == typeof(float))
        {
            if (Avx512F.VL.IsSupported)
                return new() { Value = Avx512F.VL.GetExponent(x.Value.AsSingle()).As<float, T>() };
            return new() { Value = (((x.Value.AsInt32() >>> 23) | Vector128.Create(8388608f).AsInt32()).AsSingle() - Vector128.Create(8388608f + 127f)).As<float, T>() };
        }

        if (Avx512F.VL.IsSupported)
            return new() { Value = Avx512F.VL.GetExponent(x.Value.AsDouble()).As<double, T>() };
        return new() { Value = (((x.Value.AsInt64() >>> 52) | Vector128.Create(4503599627370496.0).AsInt64()).AsDouble() - Vector128.Create(4503599627370496.0 + 1023.0)).As<double, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<T> Significand(FloatLanes128<T> x)
    {
        if (typeof(T) == typeof(float))
        {
            if (Avx512F.VL.IsSupported)
                return new() { Value = Avx512F.VL.GetMantissa(x.Value.AsSingle(), 0).As<float, T>() };
            return new() { Value = ((x.Value.AsInt32() & Vector128.Create(0x007F_FFFF)) | Vector128.Create(1f).AsInt32()).AsSingle().As<float, T>() };
        }

        if (Avx512F.VL.IsSupported)
            return new() { Value = Avx512F.VL.GetMantissa(x.Value.AsDouble(), 0).As<double, T>() };
        return new() { Value = ((x.Value.AsInt64() & Vector128.Create(0x000F_FFFF_FFFF_FFFF)) | Vector128.Create(1.0).AsInt64()).AsDouble().As<double, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<T> High(FloatLanes128<T> x)
    {
        if (typeof(T) == typeof(float))
            return new() { Value = (x.Value.AsInt32() & Vector128.Create(~0xFFF)).AsSingle().As<float, T>() };
        return new() { Value = ((x.Value.AsInt64() + Vector128.Create(0x400_0000L)) & Vector128.Create(~0x7FF_FFFFL)).AsDouble().As<double, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<T> Load(ref readonly T source) =>
        new() { Value = Vector128.LoadUnsafe(in source) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(FloatLanes128<T> x, ref T destination) =>
        x.Value.StoreUnsafe(ref destination);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes128<T> LoadMask(ref readonly byte source) =>
        new() { Value = MaskBytes.Load128<T>(in source) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMask(FloatLanes128<T> mask, ref byte destination) =>
        MaskBytes.Store(mask.Value, ref destination);

    // 2ⁿ may not be a number where x·2ⁿ is, so it is applied in two factors: 2^⌊n/2⌋ and the rest.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Half(Vector128<float> n)
    {
        var biased = (n + Vector128.Create(SingleOffset)).AsInt32() - Vector128.Create(SingleOffset - 256).AsInt32();
        return (((biased >>> 1) + Vector128.Create(127 - 256 / 2)) << 23).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Rest(Vector128<float> n)
    {
        var biased = (n + Vector128.Create(SingleOffset)).AsInt32() - Vector128.Create(SingleOffset - 256).AsInt32();
        return ((biased - (biased >>> 1) + Vector128.Create(127 - 256 / 2)) << 23).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Half(Vector128<double> n)
    {
        var biased = (n + Vector128.Create(DoubleOffset)).AsInt64() - Vector128.Create(DoubleOffset - 2048).AsInt64();
        return (((biased >>> 1) + Vector128.Create(1023L - 2048 / 2)) << 52).AsDouble();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Rest(Vector128<double> n)
    {
        var biased = (n + Vector128.Create(DoubleOffset)).AsInt64() - Vector128.Create(DoubleOffset - 2048).AsInt64();
        return ((biased - (biased >>> 1) + Vector128.Create(1023L - 2048 / 2)) << 52).AsDouble();
    }
}
