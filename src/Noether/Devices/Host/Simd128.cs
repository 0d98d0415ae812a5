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
    public readonly void Store(T* p) => Value.Store(p);
}
