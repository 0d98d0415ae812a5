using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Noether.Devices.Host;

/// <summary>256 bits of <typeparamref name="T"/>.</summary>
internal unsafe struct Simd256<T> : ISimd<Simd256<T>, T>
    where T : unmanaged, INumber<T>
{
    public Vector256<T> Value;

    public static int Count => Vector256<T>.Count;

    public readonly T this[int lane] => Value[lane];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Load(T* p) => new() { Value = Vector256.Load(p) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Broadcast(T value) => new() { Value = Vector256.Create(value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> operator +(Simd256<T> x, Simd256<T> y) => new() { Value = x.Value + y.Value };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> operator -(Simd256<T> x, Simd256<T> y) => new() { Value = x.Value - y.Value };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> operator *(Simd256<T> x, Simd256<T> y) => new() { Value = x.Value * y.Value };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> MultiplyAdd(Simd256<T> x, Simd256<T> y, Simd256<T> z)
    {
        if (typeof(T) == typeof(float))
            return new() { Value = Vector256.MultiplyAddEstimate(x.Value.AsSingle(), y.Value.AsSingle(), z.Value.AsSingle()).As<float, T>() };
        if (typeof(T) == typeof(double))
            return new() { Value = Vector256.MultiplyAddEstimate(x.Value.AsDouble(), y.Value.AsDouble(), z.Value.AsDouble()).As<double, T>() };
        return new() { Value = x.Value * y.Value + z.Value };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Min(Simd256<T> x, Simd256<T> y) => new() { Value = Vector256.Min(x.Value, y.Value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Max(Simd256<T> x, Simd256<T> y) => new() { Value = Vector256.Max(x.Value, y.Value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> First(Simd256<T> x, Simd256<T> y, int count) =>
        new() { Value = Vector256.ConditionalSelect(Vector256.LessThan(Vector256<T>.Indices, Vector256.Create(T.CreateTruncating(count))), x.Value, y.Value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Fold<TFold>(Simd256<T> x)
        where TFold : struct, IFold =>
        Simd128<T>.Fold<TFold>(TFold.Combine<Simd128<T>, T>(new() { Value = x.Value.GetLower() }, new() { Value = x.Value.GetUpper() }));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256<T> Reverse(Simd256<T> x) => sizeof(T) == 4
        ? new() { Value = Vector256.Shuffle(x.Value.AsInt32(), Vector256.Create(7, 6, 5, 4, 3, 2, 1, 0)).As<int, T>() }
        : new() { Value = Vector256.Shuffle(x.Value.AsInt64(), Vector256.Create(3L, 2L, 1L, 0L)).As<long, T>() };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(T* p) => Value.Store(p);
}
