using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;
using Noether.Kernels.Copies;
using Noether.Kernels.Lanes;

namespace Noether.Kernels.Elementwise;

/// <summary>
/// What emitted kernels call to move four neighbours at once, and to take one of them as a lane. Public only because emitted code may not see
/// internal members.
/// </summary>
public static class FourAccess
{
    /// <summary>The number of the first of the calling thread's four elements.</summary>
    public static long First => Grids.Thread * 4;

    /// <summary>On the host: the map for a launch whose traversal fits.</summary>
    public static NarrowIndexMap Narrow(IndexMap map, long count)
    {
        map.TryNarrow(count, out var narrow);
        return narrow;
    }

    /// <summary>Where an element lies in a strided input.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Place(NarrowIndexMap map, long index) => map.At(index);

    /// <summary>Where an element lies in a strided input.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Place(IndexMap map, long index) => map.At(index);

    /// <summary>Elements <paramref name="index"/> to index + 3, of which the first is aligned to all four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<T> Load<T>(ArrayView<T> view, long index)
        where T : unmanaged, INumber<T> => Fours.Of(view)[index / 4];

    /// <summary>Elements <paramref name="index"/> to index + 3, the last one for those behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<T> LoadEach<T>(ArrayView<T> view, long index, long last)
        where T : unmanaged, INumber<T> => new()
        {
            X = view[index],
            Y = view[Smaller(index + 1, last)],
            Z = view[Smaller(index + 2, last)],
            W = view[Smaller(index + 3, last)],
        };

    /// <summary>Elements <paramref name="index"/> to index + 3 of a strided input, the last one for those behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<T> Gather<T>(ArrayView<T> view, NarrowIndexMap map, long index, long last)
        where T : unmanaged, INumber<T>
    {
        var first = map.Away((uint)index);
        var step = map.InnerStride;
        var away = new Four<int> { X = first, Y = first + step, Z = first + 2 * step, W = first + 3 * step };
        if ((map.RunLength & 3) != 0 || index + 3 > last) // uniform but for the last thread; else one chain of quotients is enough
        {
            for (var lane = 1; lane < 4; lane++)
                away = Four<int>.Put(away, lane, map.Away((uint)Smaller(index + lane, last)));
        }

        return new() { X = view[map.Offset + away.X], Y = view[map.Offset + away.Y], Z = view[map.Offset + away.Z], W = view[map.Offset + away.W] };
    }

    /// <inheritdoc cref="Gather{T}(ArrayView{T}, NarrowIndexMap, long, long)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<T> Gather<T>(ArrayView<T> view, IndexMap map, long index, long last)
        where T : unmanaged, INumber<T>
    {
        var places = default(Four<long>);
        for (var lane = 0; lane < 4; lane++)
            places = Four<long>.Put(places, lane, map.At(Smaller(index + lane, last)));
        return new() { X = view[places.X], Y = view[places.Y], Z = view[places.Z], W = view[places.W] };
    }

    /// <summary>Stores elements <paramref name="index"/> to index + 3, aligned as for <see cref="Load"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(ArrayView<T> view, long index, Four<T> x)
        where T : unmanaged, INumber<T> => Fours.Of(view)[index / 4] = x;

    /// <summary>Stores elements <paramref name="index"/> to index + 3, as far as <paramref name="last"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreEach<T>(ArrayView<T> view, long index, long last, Four<T> x)
        where T : unmanaged, INumber<T>
    {
        view[index] = x.X;
        if (index + 1 <= last) view[index + 1] = x.Y;
        if (index + 2 <= last) view[index + 2] = x.Z;
        if (index + 3 <= last) view[index + 3] = x.W;
    }

    /// <summary>One of the four as a lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane Pick(Four<byte> x, int lane) => new() { Value = Four<byte>.Pick(x, lane) };

    /// <summary>One of the four as a lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane Pick(Four<int> x, int lane) => new() { Value = Four<int>.Pick(x, lane) };

    /// <summary>One of the four as a lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane Pick(Four<long> x, int lane) => new() { Value = Four<long>.Pick(x, lane) };

    /// <summary>One of the four as a lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane Pick(Four<float> x, int lane) => new() { Value = Four<float>.Pick(x, lane) };

    /// <summary>One of the four as a lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane Pick(Four<double> x, int lane) => new() { Value = Four<double>.Pick(x, lane) };

    /// <summary>One of four bfloat16 numbers, widened.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane Pick(Four<ushort> x, int lane) => LaneCasts.FromBFloat16(Four<ushort>.Pick(x, lane));

    /// <summary>The four with one of them replaced.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<byte> Put(Four<byte> x, int lane, BoolLane value) => Four<byte>.Put(x, lane, value.Value);

    /// <summary>The four with one of them replaced.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<int> Put(Four<int> x, int lane, Int32Lane value) => Four<int>.Put(x, lane, value.Value);

    /// <summary>The four with one of them replaced.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<long> Put(Four<long> x, int lane, Int64Lane value) => Four<long>.Put(x, lane, value.Value);

    /// <summary>The four with one of them replaced.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<float> Put(Four<float> x, int lane, Float32Lane value) => Four<float>.Put(x, lane, value.Value);

    /// <summary>The four with one of them replaced.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<double> Put(Four<double> x, int lane, Float64Lane value) => Four<double>.Put(x, lane, value.Value);

    /// <summary>The four with one of them replaced by a lane that holds a bfloat16 number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<ushort> Put(Four<ushort> x, int lane, Float32Lane value) => Four<ushort>.Put(x, lane, LaneCasts.BFloat16Bits(value));

    /// <summary>
    /// The bytes of which a view's place in its buffer is a multiple if four elements move at once. Sixteen would do for 64-bit elements too, but the
    /// simulator counts a view's place in its elements.
    /// </summary>
    internal static int Alignment(ElementType type) => type switch
    {
        ElementType.Bool => 4,
        ElementType.BFloat16 => 8,
        ElementType.Int64 or ElementType.Float64 => 32,
        _ => 16,
    };

    private static long Smaller(long x, long y) => x < y ? x : y;
}
