using System.Numerics;
using System.Runtime.CompilerServices;

namespace Noether.Devices.Host;

/// <summary>The three transforms of F(2x2, 3x3), over the lanes of a register: tiles next to each other, or outputs.</summary>
/// <remarks>
/// Each is a small matrix from the left and its transpose from the right. Of the input: d₀ - d₂, d₁ + d₂, d₂ - d₁, d₁ - d₃; of the weights:
/// g₀, (g₀ + g₁ + g₂)/2, (g₀ - g₁ + g₂)/2, g₂; back: m₀ + m₁ + m₂, m₁ - m₂ - m₃.
/// </remarks>
internal static unsafe class ConvolutionWinogradTile
{
    /// <summary>
    /// to[(4i + j) · plane + t] of the 4x4 numbers of tile t, for t in <paramref name="count"/>, and to the end of the last register. Rows
    /// lie 2 · pitch apart, each first its even columns, then, from pitch on, its odd ones.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Input<S, T>(T* rows, int pitch, T* to, int plane, int count)
        where S : struct, ISimd<S, T>
        where T : unmanaged, INumber<T>
    {
        for (var t = 0; t < count; t += S.Count, rows += S.Count, to += S.Count)
        {
            var row = rows;
            Across<S, T>(row, pitch, out var a0, out var a1, out var a2, out var a3);
            Across<S, T>(row += 2 * pitch, pitch, out var b0, out var b1, out var b2, out var b3);
            Across<S, T>(row += 2 * pitch, pitch, out var c0, out var c1, out var c2, out var c3);
            Across<S, T>(row + 2 * pitch, pitch, out var d0, out var d1, out var d2, out var d3);
            var at = to;
            (a0 - c0).Store(at);
            (a1 - c1).Store(at += plane);
            (a2 - c2).Store(at += plane);
            (a3 - c3).Store(at += plane);
            (b0 + c0).Store(at += plane);
            (b1 + c1).Store(at += plane);
            (b2 + c2).Store(at += plane);
            (b3 + c3).Store(at += plane);
            (c0 - b0).Store(at += plane);
            (c1 - b1).Store(at += plane);
            (c2 - b2).Store(at += plane);
            (c3 - b3).Store(at += plane);
            (b0 - d0).Store(at += plane);
            (b1 - d1).Store(at += plane);
            (b2 - d2).Store(at += plane);
            (b3 - d3).Store(at + plane);
        }
    }

    /// <summary>to[(4i + j) · channels + c, outputs] of weights [c, 3, 3, outputs], both with rows of <paramref name="row"/> outputs; one register of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Weights<S, T>(T* weights, T* to, int channels, int row)
        where S : struct, ISimd<S, T>
        where T : unmanaged, INumber<T>
    {
        var half = S.Broadcast(T.One / (T.One + T.One));
        var plane = (long)channels * row;
        for (var c = 0; c < channels; c++, weights += 9 * row, to += row)
            for (var i = 0; i < 4; i++)
            {
                S x0, x1, x2;
                if (i is 0 or 3)
                {
                    var from = weights + (i == 0 ? 0 : 6) * row;
                    (x0, x1, x2) = (S.Load(from), S.Load(from + row), S.Load(from + 2 * row));
                }
                else
                {
                    x0 = Half(weights, row, i == 1, half);
                    x1 = Half(weights + row, row, i == 1, half);
                    x2 = Half(weights + 2 * row, row, i == 1, half);
                }

                var at = to + 4 * i * plane;
                x0.Store(at);
                (half * (x0 + x2 + x1)).Store(at + plane);
                (half * (x0 + x2 - x1)).Store(at + 2 * plane);
                x2.Store(at + 3 * plane);
            }

        static S Half(T* column, int row, bool sum, S half)
        {
            S outer = S.Load(column) + S.Load(column + 6 * row), inner = S.Load(column + 3 * row);
            return half * (sum ? outer + inner : outer - inner);
        }
    }

    /// <summary>pixels[2, 2, 2V] of the 16 sums of 2V tiles, which lie <paramref name="plane"/> apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Output<V, T>(T* sums, int plane, T* pixels)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        for (var t = 0; t < 2 * V.Count; t += V.Count)
        {
            var at = sums + t;
            Back<V, T>(at, plane, out var a0, out var a1);
            Back<V, T>(at += 4 * plane, plane, out var b0, out var b1);
            Back<V, T>(at += 4 * plane, plane, out var c0, out var c1);
            Back<V, T>(at + 4 * plane, plane, out var d0, out var d1);
            var to = pixels + t;
            (a0 + b0 + c0).Store(to);
            (a1 + b1 + c1).Store(to += 2 * V.Count);
            (b0 - c0 - d0).Store(to += 2 * V.Count);
            (b1 - c1 - d1).Store(to + 2 * V.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Across<S, T>(T* row, int pitch, out S x0, out S x1, out S x2, out S x3)
        where S : struct, ISimd<S, T>
        where T : unmanaged, INumber<T>
    {
        S d0 = S.Load(row), d1 = S.Load(row + pitch), d2 = S.Load(row + 1), d3 = S.Load(row + pitch + 1);
        x0 = d0 - d2;
        x1 = d1 + d2;
        x2 = d2 - d1;
        x3 = d1 - d3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Back<V, T>(T* sums, int plane, out V x0, out V x1)
        where V : struct, ISimd<V, T>
        where T : unmanaged, INumber<T>
    {
        V m0 = V.Load(sums), m1 = V.Load(sums + plane), m2 = V.Load(sums + 2 * plane), m3 = V.Load(sums + 3 * plane);
        x0 = m0 + m1 + m2;
        x1 = m1 - m2 - m3;
    }
}
