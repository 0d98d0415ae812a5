using System.Numerics;
using System.Runtime.CompilerServices;
using Noether.Primitives;

namespace Noether.Devices.Host;

/// <summary>Largest elements of windows and their positions, one plane (all leading axes fixed) a task.</summary>
/// <remarks>
/// Missing spatial axes lead with size 1. Where each window of an axis begins and ends is worked out once. Two by two windows side by side,
/// the common case, go to <see cref="WindowMaximumPairs{T}"/>.
/// </remarks>
internal sealed unsafe class WindowMaximum<T>
    where T : unmanaged, INumber<T>
{
    private readonly Axis[] axes = new Axis[3];
    private readonly T* x;
    private readonly T* values;
    private readonly long* positions;
    private readonly bool twoByTwo;

    public WindowMaximum(WindowMax windows, Shape shape, T* x, T* values, long* positions)
    {
        this.x = x;
        this.values = values;
        this.positions = positions;
        var missing = 3 - windows.Size.Count;
        for (var axis = 0; axis < 3; axis++)
            axes[axis] = axis < missing ? new(1, 1, [0], [1]) : Along(windows, axis - missing, shape[shape.Rank - 3 + axis]);
        twoByTwo = windows.Size is [2, 2] && windows.Step is [2, 2] && windows.Low is [0, 0] && windows.Dilation is [1, 1]
            && windows.Count[0] * 2 <= shape[^2] && windows.Count[1] * 2 <= shape[^1];
    }

    public void Plane(int index)
    {
        long start = index * axes[0].Size * axes[1].Size * axes[2].Size, to = (long)index * axes[0].From.Length * axes[1].From.Length * axes[2].From.Length;
        if (twoByTwo)
        {
            WindowMaximumPairs<T>.Plane(x, start, (int)axes[2].Size, axes[1].From.Length, axes[2].From.Length, values + to, positions + to);
            return;
        }

        Axis plane = axes[0], row = axes[1];
        for (var p = 0; p < plane.From.Length; p++)
            for (var r = 0; r < row.From.Length; r++, to += axes[2].From.Length)
                Row(start, plane.From[p], plane.Below[p], row.From[r], row.Below[r], values + to, positions + to);
    }

    /// <summary>Whether the next takes the place of the largest: a NaN is the largest, and the first one stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Beats(T next, T largest) => next > largest || (T.IsNaN(next) && !T.IsNaN(largest));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Row(long start, int p0, int p1, int r0, int r1, T* values, long* positions)
    {
        Axis plane = axes[0], row = axes[1], column = axes[2];
        var source = x;
        int planeStep = plane.Step, rowStep = row.Step, step = column.Step;
        long height = row.Size, width = column.Size;
        int[] from = column.From, below = column.Below;
        for (var c = 0; c < from.Length; c++)
        {
            int c0 = from[c], c1 = below[c];
            var best = start + (p0 * height + r0) * width + c0;
            var largest = source[best];
            for (var i = p0; i < p1; i += planeStep)
                for (var j = r0; j < r1; j += rowStep)
                {
                    var line = start + (i * height + j) * width;
                    for (var k = c0; k < c1; k += step)
                    {
                        var next = source[line + k];
                        if (!Beats(next, largest)) continue;
                        largest = next;
                        best = line + k;
                    }
                }

            values[c] = largest;
            positions[c] = best;
        }
    }

    private static Axis Along(WindowMax windows, int axis, int n)
    {
        int[] from = new int[windows.Count[axis]], below = new int[from.Length];
        for (var window = 0; window < from.Length; window++)
        {
            var start = window * windows.Step[axis] - windows.Low[axis];
            from[window] = start + windows.FirstInside(start, axis) * windows.Dilation[axis];
            below[window] = start + (windows.EndInside(start, axis, n) - 1) * windows.Dilation[axis] + 1;
        }

        return new(n, windows.Dilation[axis], from, below);
    }

    /// <summary>The size of an axis, and from where to below where and in which steps each window takes its elements.</summary>
    private sealed record Axis(long Size, int Step, int[] From, int[] Below);
}
