using System.Numerics;
using System.Runtime.CompilerServices;

namespace Noether.Devices.Host;

/// <summary>One <typeparamref name="T"/>: the end of every row.</summary>
internal unsafe struct SimdScalar<T> : ISimd<SimdScalar<T>, T>
    where T : unmanaged, INumber<T>
{
    public T Value;

    public static int Count => 1;

    public readonly T this[int lane] => Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdScalar<T> Load(T* p) => new() { Value = *p };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdScalar<T> Broadcast(T value) => new() { Value = value };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdScalar<T> operator +(SimdScalar<T> x, SimdScalar<T> y) => new() { Value = x.Value + y.Value };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdScalar<T> operator -(SimdScalar<T> x, SimdScalar<T> y) => new() { Value = x.Value - y.Value };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdScalar<T> operator *(SimdScalar<T> x, SimdScalar<T> y) => new() { Value = x.Value * y.Value };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdScalar<T> MultiplyAdd(SimdScalar<T> x, SimdScalar<T> y, SimdScalar<T> z) =>
        new() { Value = T.MultiplyAddEstimate(x.Value, y.Value, z.Value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdScalar<T> Min(SimdScalar<T> x, SimdScalar<T> y) => new() { Value = T.Min(x.Value, y.Value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdScalar<T> Max(SimdScalar<T> x, SimdScalar<T> y) => new() { Value = T.Max(x.Value, y.Value) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdScalar<T> First(SimdScalar<T> x, SimdScalar<T> y, int count) => count > 0 ? x : y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Fold<TFold>(SimdScalar<T> x)
        where TFold : struct, IFold => x.Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SimdScalar<T> Reverse(SimdScalar<T> x) => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(T* p) => *p = Value;
}
