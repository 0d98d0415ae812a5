using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Noether.Devices.Host;

/// <summary>128 bits of <typeparamref name="T"/>.</summary>
internal unsafe struct Simd128<T> : ISimd<Simd128<T>, T>
    where T : unmanaged, INumber<T>
{
    public Vector128<T> Value;

    public static int Count => Vector128<T>.Count;

    public readonly T this[int lane] => Value[lane];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Load(T* p) => new() { Value = Vector128.Load(p) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Broadcast(T value) => new() { Value = Vector128.Create(value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> operator +(Simd128<T> x, Simd128<T> y) => new() { Value = x.Value + y.Value };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> operator -(Simd128<T> x, Simd128<T> y) => new() { Value = x.Value - y.Value };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> operator *(Simd128<T> x, Simd128<T> y) => new() { Value = x.Value * y.Value };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> MultiplyAdd(Simd128<T> x, Simd128<T> y, Simd128<T> z)
    {
        if (typeof(T) == typeof(float))
            return new() { Value = Vector128.MultiplyAddEstimate(x.Value.AsSingle(), y.Value.AsSingle(), z.Value.AsSingle()).As<float, T>() };
        if (typeof(T) == typeof(double))
            return new() { Value = Vector128.MultiplyAddEstimate(x.Value.AsDouble(), y.Value.AsDouble(), z.Value.AsDouble()).As<double, T>() };
        return new() { Value = x.Value * y.Value + z.Value };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Min(Simd128<T> x, Simd128<T> y) => new() { Value = Vector128.Min(x.Value, y.Value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Max(Simd128<T> x, Simd128<T> y) => new() { Value = Vector128.Max(x.Value, y.Value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> First(Simd128<T> x, Simd128<T> y, int count) =>
        new() { Value = Vector128.ConditionalSelect(Vector128.LessThan(Vector128<T>.Indices, Vector128.Create(T.CreateTruncating(count))), x.Value, y.Value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Fold<TFold>(Simd128<T> x)
        where TFold : struct, IFold
    {
        // Halves onto halves: each line leaves half as many lanes that count.
        x = Onto<TFold>(x, new() { Value = Vector128.Shuffle(x.Value.AsInt64(), Vector128.Create(1L, 0)).As<long, T>() });
        if (sizeof(T) < 8) x = Onto<TFold>(x, new() { Value = Vector128.Shuffle(x.Value.AsInt32(), Vector128.Create(1, 0, 3, 2)).As<int, T>() });
        if (sizeof(T) < 4) x = Onto<TFold>(x, new() { Value = (x.Value.AsInt32() >>> 16).As<int, T>() });
        if (sizeof(T) < 2) x = Onto<TFold>(x, new() { Value = (x.Value.AsInt32() >>> 8).As<int, T>() });
        return x.Value.ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Reverse(Simd128<T> x) => sizeof(T) == 4
        ? new() { Value = Vector128.Shuffle(x.Value.AsInt32(), Vector128.Create(3, 2, 1, 0)).As<int, T>() }
        : new() { Value = Vector128.Shuffle(x.Value.AsInt64(), Vector128.Create(1L, 0L)).As<long, T>() };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(T* p) => Value.Store(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Simd128<T> Onto<TFold>(Simd128<T> x, Simd128<T> moved)
        where TFold : struct, IFold => TFold.Combine<Simd128<T>, T>(x, moved);
}
