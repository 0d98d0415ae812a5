using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Noether.Devices.Host;

/// <summary>512 bits of <typeparamref name="T"/>.</summary>
internal unsafe struct Simd512<T> : ISimd<Simd512<T>, T>
    where T : unmanaged, INumber<T>
{
    public Vector512<T> Value;

    public static int Count => Vector512<T>.Count;

    public readonly T this[int lane] => Value[lane];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Load(T* p) => new() { Value = Vector512.Load(p) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Broadcast(T value) => new() { Value = Vector512.Create(value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> operator +(Simd512<T> x, Simd512<T> y) => new() { Value = x.Value + y.Value };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> operator -(Simd512<T> x, Simd512<T> y) => new() { Value = x.Value - y.Value };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> operator *(Simd512<T> x, Simd512<T> y) => new() { Value = x.Value * y.Value };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> MultiplyAdd(Simd512<T> x, Simd512<T> y, Simd512<T> z)
    {
        if (typeof(T) == typeof(float))
            return new() { Value = Vector512.MultiplyAddEstimate(x.Value.AsSingle(), y.Value.AsSingle(), z.Value.AsSingle()).As<float, T>() };
        if (typeof(T) == typeof(double))
            return new() { Value = Vector512.MultiplyAddEstimate(x.Value.AsDouble(), y.Value.AsDouble(), z.Value.AsDouble()).As<double, T>() };
        return new() { Value = x.Value * y.Value + z.Value };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Min(Simd512<T> x, Simd512<T> y) => new() { Value = Vector512.Min(x.Value, y.Value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Max(Simd512<T> x, Simd512<T> y) => new() { Value = Vector512.Max(x.Value, y.Value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> First(Simd512<T> x, Simd512<T> y, int count) =>
        new() { Value = Vector512.ConditionalSelect(Vector512.LessThan(Vector512<T>.Indices, Vector512.Create(T.CreateTruncating(count))), x.Value, y.Value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Fold<TFold>(Simd512<T> x)
        where TFold : struct, IFold =>
        Simd256<T>.Fold<TFold>(TFold.Combine<Simd256<T>, T>(new() { Value = x.Value.GetLower() }, new() { Value = x.Value.GetUpper() }));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512<T> Reverse(Simd512<T> x) => sizeof(T) == 4
        ? new() { Value = Vector512.Shuffle(x.Value.AsInt32(), Vector512.Create(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)).As<int, T>() }
        : new() { Value = Vector512.Shuffle(x.Value.AsInt64(), Vector512.Create(7L, 6L, 5L, 4L, 3L, 2L, 1L, 0L)).As<long, T>() };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(T* p) => Value.Store(p);
}
