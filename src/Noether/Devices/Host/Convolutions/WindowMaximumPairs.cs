using System.Numerics;
using System.Runtime.CompilerServices;

namespace Noether.Devices.Host;

/// <summary>Largest elements of two by two windows side by side, and their positions, a register of windows at a time.</summary>
/// <remarks>
/// Algorithm: pairs of rows are taken apart into even and odd columns (<see cref="Interleaving"/>) until a stretch of windows is full, in L1,
///            so that narrow images fill registers too. Then a window is the same lane of four registers: three comparisons find its largest
///            element, and the same three choose its position, a 64-bit number for whatever elements.
/// Limit:     memory, 16 bytes read and 12 written a window of float32.
/// </remarks>
internal static unsafe class WindowMaximumPairs<T>
    where T : unmanaged, INumber<T>
{
    private const int Stretch = 256;

    /// <summary>The windows of one plane that begins at x + start, <paramref name="rows"/> by <paramref name="columns"/> of them; positions count from x.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Plane(T* x, long start, int width, int rows, int columns, T* values, long* positions)
    {
        var parts = stackalloc T[4 * Stretch];
        var places = stackalloc long[Stretch + 2 * Vector<long>.Count];
        var count = 0;
        for (var row = 0; row < rows; row++)
        {
            var upper = start + 2L * row * width;
            for (var column = 0; column < columns;)
            {
                var taken = Math.Min(columns - column, Stretch - count);
                var from = upper + 2 * column;
                Interleaving.Split(x + from, parts + count, parts + Stretch + count, taken);
                Interleaving.Split(x + from + width, parts + 2 * Stretch + count, parts + 3 * Stretch + count, taken);
                Number(from, places + count, taken);
                column += taken;
                count += taken;
                if (count < Stretch)
                    continue;
                Choose(parts, places, width, values, positions, count);
                values += count;
                positions += count;
                count = 0;
            }
        }

        Choose(parts, places, width, values, positions, count);
    }

    // from, from + 2 … in whole registers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Number(long from, long* places, int count)
    {
        Vector<long> place = Vector<long>.Indices + Vector<long>.Indices + new Vector<long>(from), step = new(2 * Vector<long>.Count);
        for (var i = 0; i < count; i += Vector<long>.Count, place += step)
            place.Store(places + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Choose(T* parts, long* places, int width, T* values, long* positions, int count)
    {
        var i = 0;
        for (; i + Vector<T>.Count <= count; i += Vector<T>.Count)
        {
            Vector<T> a = Vector.Load(parts + i), b = Vector.Load(parts + Stretch + i);
            Vector<T> d = Vector.Load(parts + 2 * Stretch + i), e = Vector.Load(parts + 3 * Stretch + i);
            Vector<T> first = Beats(b, a), second = Beats(e, d);
            Vector<T> upper = Vector.ConditionalSelect(first, b, a), lower = Vector.ConditionalSelect(second, e, d);
            var below = Beats(lower, upper);
            Vector.ConditionalSelect(below, lower, upper).Store(values + i);
            var right = Vector.ConditionalSelect(below, second, first);

            // A mask is -1 where it holds.
            if (sizeof(T) == sizeof(int))
            {
                Vector.Widen((below.As<T, int>() & new Vector<int>(width)) - right.As<T, int>(), out var near, out var far);
                (near + Vector.Load(places + i)).Store(positions + i);
                (far + Vector.Load(places + i + Vector<long>.Count)).Store(positions + i + Vector<long>.Count);
            }
            else
            {
                ((below.As<T, long>() & new Vector<long>(width)) - right.As<T, long>() + Vector.Load(places + i)).Store(positions + i);
            }
        }

        for (; i < count; i++)
        {
            T a = parts[i], b = parts[Stretch + i], d = parts[2 * Stretch + i], e = parts[3 * Stretch + i];
            bool first = WindowMaximum<T>.Beats(b, a), second = WindowMaximum<T>.Beats(e, d);
            var upper = first ? b : a;
            var lower = second ? e : d;
            var below = WindowMaximum<T>.Beats(lower, upper);
            values[i] = below ? lower : upper;
            positions[i] = places[i] + (below ? width : 0) + ((below ? second : first) ? 1 : 0);
        }
    }

    // Not at most the largest so far, which is a number: so a NaN is the largest, and the first one stays.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Beats(Vector<T> next, Vector<T> largest) =>
        Vector.AndNot(Vector.Equals(largest, largest), Vector.LessThanOrEqual(next, largest));
}
