using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Noether.Devices.Host;

/// <summary>Row and column sums of many matrices, in one read of each.</summary>
/// <remarks>
/// Algorithm: squares as wide as a register. Column sums add the registers of a square; row sums add those of the square turned round in L1, so
///            that no sum goes across lanes. Single elements at the rim.
/// Order:     fixed by the shape and the register width; at most rows / 16 + 16 additions in a row (512 bits of floats), as for columns.
/// Limit:     a register an element's share of loads and shuffles: half the bandwidth of L2 at 16 x 16.
/// </remarks>
internal static unsafe class MatrixSums
{
    private const long WorthSharing = 32 << 10;

    /// <summary>rows[m, j] = Σ_k x[m, j, k], columns[m, k] = Σ_j x[m, j, k].</summary>
    public static void Run<T>(T* x, T* rows, T* columns, long count, int height, int width)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (count <= 0)
            return;
        long size = (long)height * width, each = Math.Max(1, WorthSharing / Math.Max(1, size));
        Fft.Share(checked((int)((count + each - 1) / each)), count * size, new Body<T>(x, rows, columns, count, height, width, each));
    }

    private readonly struct Body<T>(T* x, T* rows, T* columns, long count, int height, int width, long each) : IParallelBody
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Invoke(int index)
        {
            for (var m = index * each; m < Math.Min(count, (index + 1) * each); m++)
            {
                new Span<T>(rows + m * height, height).Clear();
                new Span<T>(columns + m * width, width).Clear();
                var from = x + m * height * width;
                if (Vector512.IsHardwareAccelerated && Vector512<T>.Count <= Math.Min(height, width))
                    Sum<Simd512<T>>(from, rows + m * height, columns + m * width);
                else if (Vector256.IsHardwareAccelerated && Vector256<T>.Count <= Math.Min(height, width))
                    Sum<Simd256<T>>(from, rows + m * height, columns + m * width);
                else
                    Sum<Simd128<T>>(from, rows + m * height, columns + m * width);
            }
        }

        [SkipLocalsInit]
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Sum<V>(T* from, T* toRows, T* toColumns)
            where V : struct, ISimd<V, T>
        {
            T* turned = stackalloc T[V.Count * V.Count];
            int high = height / V.Count * V.Count, wide = width / V.Count * V.Count;
            for (var j = 0; j < high; j += V.Count)
            {
                var row = V.Broadcast(T.Zero);
                for (var k = 0; k < wide; k += V.Count)
                {
                    var square = from + (long)j * width + k;
                    V even = V.Load(square), odd = V.Load(square + width);
                    for (var i = 2; i < V.Count; i += 2)
                    {
                        even += V.Load(square + (long)i * width);
                        odd += V.Load(square + (i + 1L) * width);
                    }

                    (V.Load(toColumns + k) + (even + odd)).Store(toColumns + k);
                    Transposition.Run(square, width, turned, V.Count, V.Count, V.Count);
                    even = V.Load(turned);
                    odd = V.Load(turned + V.Count);
                    for (var i = 2; i < V.Count; i += 2)
                    {
                        even += V.Load(turned + i * V.Count);
                        odd += V.Load(turned + (i + 1) * V.Count);
                    }

                    row += even + odd;
                }

                row.Store(toRows + j);
            }

            // What the squares leave: columns on the right, then rows below.
            for (var j = 0; j < height; j++)
                for (var k = j < high ? wide : 0; k < width; k++)
                {
                    var value = from[(long)j * width + k];
                    toRows[j] += value;
                    toColumns[k] += value;
                }
        }
    }
}
