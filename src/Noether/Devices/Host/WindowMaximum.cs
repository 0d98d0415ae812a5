using System.Numerics;
using Noether.Primitives;

namespace Noether.Devices.Host;

/// <summary>Largest elements of windows and their positions, one plane (all leading axes fixed) a task.</summary>
/// <remarks>Missing spatial axes lead with size 1. Two by two windows side by side, the common case, have a loop of their own.</remarks>
internal readonly unsafe struct WindowMaximum<T>(WindowMax windows, Shape shape, T* x, T* values, long* positions) : IParallelBody
    where T : unmanaged, INumber<T>
{
    private readonly int missing = 3 - windows.Size.Count;

    public void Invoke(int index)
    {
        int planes = Count(0), rows = Count(1), columns = Count(2);
        long size = (long)Input(0) * Input(1) * Input(2), start = index * size, to = (long)index * planes * rows * columns;
        if (windows.Size.Count == 2 && windows.Size is [2, 2] && windows.Step is [2, 2] && windows.Low is [0, 0] && windows.Dilation is [1, 1]
            && rows * 2 <= Input(1) && columns * 2 <= Input(2))
        {
            TwoByTwo(start, to, rows, columns);
            return;
        }

        for (var p = 0; p < planes; p++)
        {
            var (p0, p1, pStep) = Range(0, p);
            for (var r = 0; r < rows; r++)
            {
                var (r0, r1, rStep) = Range(1, r);
                for (var c = 0; c < columns; c++, to++)
                {
                    var (c0, c1, cStep) = Range(2, c);
                    var best = start + ((long)p0 * Input(1) + r0) * Input(2) + c0;
                    var largest = x[best];
                    for (var i = p0; i < p1; i += pStep)
                        for (var j = r0; j < r1; j += rStep)
                        {
                            var row = start + ((long)i * Input(1) + j) * Input(2);
                            for (var k = c0; k < c1; k += cStep)
                            {
                                // A NaN is the largest, and the first one stays.
                                var next = x[row + k];
                                if (!(next > largest) && (!T.IsNaN(next) || T.IsNaN(largest))) continue;
                                largest = next;
                                best = row + k;
                            }
                        }

                    values[to] = largest;
                    positions[to] = best;
                }
            }
        }
    }

    private void TwoByTwo(long start, long to, int rows, int columns)
    {
        var width = Input(2);
        for (var r = 0; r < rows; r++)
        {
            var at = start + 2L * r * width;
            for (var c = 0; c < columns; c++, at += 2, to++)
            {
                T a = x[at], b = x[at + 1], d = x[at + width], e = x[at + width + 1];
                var first = Beats(b, a);
                var second = Beats(e, d);
                var upper = first ? b : a;
                var lower = second ? e : d;
                var below = Beats(lower, upper);
                values[to] = below ? lower : upper;
                positions[to] = below ? at + width + (second ? 1 : 0) : at + (first ? 1 : 0);
            }
        }
    }

    private static bool Beats(T next, T largest) => next > largest || (T.IsNaN(next) && !T.IsNaN(largest));

    private int Input(int axis) => axis < missing ? 1 : shape[shape.Rank - 3 + axis];

    private int Count(int axis) => axis < missing ? 1 : windows.Count[axis - missing];

    /// <summary>The elements of a window along an axis: from, below, step.</summary>
    private (int From, int Below, int Step) Range(int axis, int window)
    {
        if (axis < missing) return (0, 1, 1);
        axis -= missing;
        var start = window * windows.Step[axis] - windows.Low[axis];
        int first = windows.FirstInside(start, axis), end = windows.EndInside(start, axis, Input(axis + missing));
        return (start + first * windows.Dilation[axis], start + (end - 1) * windows.Dilation[axis] + 1, windows.Dilation[axis]);
    }
}
