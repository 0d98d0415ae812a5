using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Noether.Kernels.Lanes;

/// <summary>16 lanes of float32 or 8 of float64 in one 512-bit register.</summary>
/// <remarks>
/// Masks have all bits of a true lane set. A method branches on <c>typeof(T)</c> and on the instruction set; the compiler folds both.
/// Values are made by object initialiser because a constructor would be one more call against the compiler's inlining budget.
/// </remarks>
/// <typeparam name="T"><see langword="float"/> or <see langword="double"/>.</typeparam>
public struct FloatLanes512<T> : ILookupLanes<FloatLanes512<T>>, IVectorLanes<FloatLanes512<T>, T>
    where T : unmanaged
{
    // 1.5 times the lowest power of two whose unit in the last place is 1: adding it to an integer leaves the integer in the low bits.
    private const float SingleOffset = 12582912f;
    private const double DoubleOffset = 6755399441055744.0;

    /// <summary>The lanes.</summary>
    public Vector512<T> Value;

    /// <inheritdoc/>
    public static bool IsSingle => typeof(T) == typeof(float);

    /// <inheritdoc/>
    public static int Count => Vector512<T>.Count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> operator +(FloatLanes512<T> x, FloatLanes512<T> y) =>
        new() { Value = x.Value + y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> operator -(FloatLanes512<T> x, FloatLanes512<T> y) =>
        new() { Value = x.Value - y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> operator *(FloatLanes512<T> x, FloatLanes512<T> y) =>
        new() { Value = x.Value * y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> operator -(FloatLanes512<T> x) =>
        new() { Value = -x.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> operator /(FloatLanes512<T> x, FloatLanes512<T> y) =>
        new() { Value = x.Value / y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> Constant(double value)
    {
        if (typeof(T) == typeof(float))
            return new() { Value = Vector512.Create((float)value).As<float, T>() };
        return new() { Value = Vector512.Create(value).As<double, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> Constant(double single, double twice)
    {
        if (typeof(T) == typeof(float))
            return new() { Value = Vector512.Create((float)single).As<float, T>() };
        return new() { Value = Vector512.Create(twice).As<double, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static FloatLanes512<T> Apart<F>(FloatLanes512<T> x, FloatLanes512<T> y)
        where F : struct, IApartForm => F.Invoke(x, y);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> ByPrecision<F>(FloatLanes512<T> x)
        where F : struct, IPrecisionForm =>
        typeof(T) == typeof(float) ? F.Single(x) : F.Twice(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> ByLookup<F>(FloatLanes512<T> x)
        where F : struct, ILookupForm =>
        Avx512F.IsSupported ? F.Looked(x) : F.Computed(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> Abs(FloatLanes512<T> x) =>
        new() { Value = Vector512.Abs(x.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> Min(FloatLanes512<T> x, FloatLanes512<T> y) =>
        new() { Value = Vector512.Min(x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> Max(FloatLanes512<T> x, FloatLanes512<T> y) =>
        new() { Value = Vector512.Max(x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> Equal(FloatLanes512<T> x, FloatLanes512<T> y) =>
        new() { Value = Vector512.Equals(x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> Less(FloatLanes512<T> x, FloatLanes512<T> y) =>
        new() { Value = Vector512.LessThan(x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> LessOrEqual(FloatLanes512<T> x, FloatLanes512<T> y) =>
        new() { Value = Vector512.LessThanOrEqual(x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> MaskAnd(FloatLanes512<T> x, FloatLanes512<T> y) =>
        new() { Value = x.Value & y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> MaskOr(FloatLanes512<T> x, FloatLanes512<T> y) =>
        new() { Value = x.Value | y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> MaskNot(FloatLanes512<T> x) =>
        new() { Value = ~x.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> Select(FloatLanes512<T> mask, FloatLanes512<T> x, FloatLanes512<T> y) =>
        new() { Value = Vector512.ConditionalSelect(mask.Value, x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(FloatLanes512<T> mask) =>
        mask.Value.AsByte() != Vector512<byte>.Zero;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> Sqrt(FloatLanes512<T> x) =>
        new() { Value = Vector512.Sqrt(x.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> Floor(FloatLanes512<T> x)
    {
        if (typeof(T) == typeof(float))
            return new() { Value = Vector512.Floor(x.Value.AsSingle()).As<float, T>() };
        return new() { Value = Vector512.Floor(x.Value.AsDouble()).As<double, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> Round(FloatLanes512<T> x)
    {
        if (typeof(T) == typeof(float))
            return new() { Value = Vector512.Round(x.Value.AsSingle()).As<float, T>() };
        return new() { Value = Vector512.Round(x.Value.AsDouble()).As<double, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> Truncate(FloatLanes512<T> x)
    {
        if (typeof(T) == typeof(float))
            return new() { Value = Vector512.Truncate(x.Value.AsSingle()).As<float, T>() };
        return new() { Value = Vector512.Truncate(x.Value.AsDouble()).As<double, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> CopySign(FloatLanes512<T> x, FloatLanes512<T> sign) =>
        new() { Value = Vector512.CopySign(x.Value, sign.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> MultiplyAdd(FloatLanes512<T> x, FloatLanes512<T> y, FloatLanes512<T> z)
    {
        if (typeof(T) == typeof(float))
            return new() { Value = Vector512.MultiplyAddEstimate(x.Value.AsSingle(), y.Value.AsSingle(), z.Value.AsSingle()).As<float, T>() };
        return new() { Value = Vector512.MultiplyAddEstimate(x.Value.AsDouble(), y.Value.AsDouble(), z.Value.AsDouble()).As<double, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> ProductError(FloatLanes512<T> x, FloatLanes512<T> y, FloatLanes512<T> product)
    {
        if (typeof(T) == typeof(float))
            return new() { Value = Vector512.FusedMultiplyAdd(x.Value.AsSingle(), y.Value.AsSingle(), -product.Value.AsSingle()).As<float, T>() };
        return new() { Value = Vector512.FusedMultiplyAdd(x.Value.AsDouble(), y.Value.AsDouble(), -product.Value.AsDouble()).As<double, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> Scale(FloatLanes512<T> x, FloatLanes512<T> n)
    {
        if (typeof(T) == typeof(float))
        {
            if (Avx512F.IsSupported)
                return new() { Value = Avx512F.Scale(x.Value.AsSingle(), n.Value.AsSingle()).As<float, T>() };
            return new() { Value = (x.Value.AsSingle() * Half(n.Value.AsSingle()) * Rest(n.Value.AsSingle())).As<float, T>() };
        }

        if (Avx512F.IsSupported)
            return new() { Value = Avx512F.Scale(x.Value.AsDouble(), n.Value.AsDouble()).As<double, T>() };
        return new() { Value = (x.Value.AsDouble() * Half(n.Value.AsDouble()) * Rest(n.Value.AsDouble())).As<double, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> Exponent(FloatLanes512<T> x)
    {
        if (typeof(T) == typeof(float))
        {
            if (Avx512F.IsSupported)
                return new() { Value = Avx512F.GetExponent(x.Value.AsSingle()).As<float, T>() };
            return new() { Value = (((x.Value.AsInt32() >>> 23) | Vector512.Create(8388608f).AsInt32()).AsSingle() - Vector512.Create(8388608f + 127f)).As<float, T>() };
        }

        if (Avx512F.IsSupported)
            return new() { Value = Avx512F.GetExponent(x.Value.AsDouble()).As<double, T>() };
        return new() { Value = (((x.Value.AsInt64() >>> 52) | Vector512.Create(4503599627370496.0).AsInt64()).AsDouble() - Vector512.Create(4503599627370496.0 + 1023.0)).As<double, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> Significand(FloatLanes512<T> x)
    {
        if (typeof(T) == typeof(float))
        {
            if (Avx512F.IsSupported)
                return new() { Value = Avx512F.GetMantissa(x.Value.AsSingle(), 0).As<float, T>() };
            return new() { Value = ((x.Value.AsInt32() & Vector512.Create(0x007F_FFFF)) | Vector512.Create(1f).AsInt32()).AsSingle().As<float, T>() };
        }

        if (Avx512F.IsSupported)
            return new() { Value = Avx512F.GetMantissa(x.Value.AsDouble(), 0).As<double, T>() };
        return new() { Value = ((x.Value.AsInt64() & Vector512.Create(0x000F_FFFF_FFFF_FFFF)) | Vector512.Create(1.0).AsInt64()).AsDouble().As<double, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> High(FloatLanes512<T> x)
    {
        if (typeof(T) == typeof(float))
            return new() { Value = (x.Value.AsInt32() & Vector512.Create(~0xFFF)).AsSingle().As<float, T>() };
        return new() { Value = ((x.Value.AsInt64() + Vector512.Create(0x400_0000L)) & Vector512.Create(~0x7FF_FFFFL)).AsDouble().As<double, T>() };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> Place(FloatLanes512<T> x, FloatLanes512<T> y) =>
        MultiplyAdd(x, y, Constant(SingleOffset, DoubleOffset));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> Lookup(ref readonly float table, FloatLanes512<T> place) =>
        new() { Value = Avx512F.PermuteVar16x32(Vector512.LoadUnsafe(in table), place.Value.AsInt32()).As<float, T>() };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> Lookup(ref readonly double table, FloatLanes512<T> place) =>
        new() { Value = Avx512F.PermuteVar8x64(Vector512.LoadUnsafe(in table), place.Value.AsInt64()).As<double, T>() };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> Load(ref readonly T source) =>
        new() { Value = Vector512.LoadUnsafe(in source) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(FloatLanes512<T> x, ref T destination) =>
        x.Value.StoreUnsafe(ref destination);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatLanes512<T> LoadMask(ref readonly byte source) =>
        new() { Value = MaskBytes.Load512<T>(in source) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMask(FloatLanes512<T> mask, ref byte destination) =>
        MaskBytes.Store(mask.Value, ref destination);

    // 2ⁿ may not be a number where x·2ⁿ is, so it is applied in two factors: 2^⌊n/2⌋ and the rest.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Half(Vector512<float> n)
    {
        var biased = (n + Vector512.Create(SingleOffset)).AsInt32() - Vector512.Create(SingleOffset - 256).AsInt32();
        return (((biased >>> 1) + Vector512.Create(127 - 256 / 2)) << 23).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Rest(Vector512<float> n)
    {
        var biased = (n + Vector512.Create(SingleOffset)).AsInt32() - Vector512.Create(SingleOffset - 256).AsInt32();
        return ((biased - (biased >>> 1) + Vector512.Create(127 - 256 / 2)) << 23).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Half(Vector512<double> n)
    {
        var biased = (n + Vector512.Create(DoubleOffset)).AsInt64() - Vector512.Create(DoubleOffset - 2048).AsInt64();
        return (((biased >>> 1) + Vector512.Create(1023L - 2048 / 2)) << 52).AsDouble();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Rest(Vector512<double> n)
    {
        var biased = (n + Vector512.Create(DoubleOffset)).AsInt64() - Vector512.Create(DoubleOffset - 2048).AsInt64();
        return ((biased - (biased >>> 1) + Vector512.Create(1023L - 2048 / 2)) << 52).AsDouble();
    }
}
