using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Noether.Devices.Host;

/// <summary>Turns a block of rows into columns: <c>to[j · toRow + i] = from[i · fromRow + j]</c>.</summary>
/// <remarks>
/// Algorithm: squares of 4 x 4 elements in registers (8 shuffles for 16 elements of 4 or 8 bytes) where x86 has the shuffles, single
///            elements elsewhere and at the rim. Rows are the inner loop, so writes to <c>to</c> fill whole lines.
/// Limit:     half a cycle an element while both blocks are in L1 or L2; callers block larger ones.
/// </remarks>
internal static unsafe class Transposition
{
    /// <summary>Transposes <paramref name="rows"/> x <paramref name="columns"/> elements of 4 or 8 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T>(T* from, long fromRow, T* to, long toRow, int rows, int columns)
        where T : unmanaged
    {
        var whole = 0;
        if ((sizeof(T) == 4 && Sse.IsSupported) || (sizeof(T) == 8 && Avx.IsSupported))
        {
            // Lines of the wider pitch, four at a time, are done with before others a power of two apart drive them out.
            whole = rows & ~3;
            var line = 64 / sizeof(T);
            if (toRow > fromRow)
            {
                for (var i = 0; i < whole; i += line)
                    for (var j = 0; j < columns; j += 4)
                        Block(from + i * fromRow + j, fromRow, to + j * toRow + i, toRow, Math.Min(line, whole - i), Math.Min(4, columns - j));
            }
            else
            {
                for (var j = 0; j < columns; j += line)
                    for (var i = 0; i < whole; i += 4)
                        Block(from + i * fromRow + j, fromRow, to + j * toRow + i, toRow, 4, Math.Min(line, columns - j));
            }
        }

        for (var j = 0; j < columns; j++)
            for (var i = whole; i < rows; i++)
                to[j * toRow + i] = from[i * fromRow + j];
    }

    // Four rows, or four columns; the rows are a multiple of four.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block<T>(T* from, long fromRow, T* to, long toRow, int rows, int columns)
        where T : unmanaged
    {
        for (var i = 0; i < rows; i += 4, from += 4 * fromRow, to += 4)
        {
            var j = 0;
            for (; j + 4 <= columns; j += 4)
                if (sizeof(T) == 4)
                    Square4((float*)(from + j), fromRow, (float*)(to + j * toRow), toRow);
                else
                    Square8((double*)(from + j), fromRow, (double*)(to + j * toRow), toRow);

            for (; j < columns; j++)
                for (var row = 0; row < 4; row++)
                    to[j * toRow + row] = from[row * fromRow + j];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square4(float* from, long fromRow, float* to, long toRow)
    {
        Vector128<float> a = Vector128.Load(from), b = Vector128.Load(from + fromRow);
        Vector128<float> c = Vector128.Load(from + 2 * fromRow), d = Vector128.Load(from + 3 * fromRow);
        Vector128<float> ac = Sse.UnpackLow(a, c), bd = Sse.UnpackLow(b, d); // a0 c0 a1 c1, b0 d0 b1 d1
        Vector128<float> ac2 = Sse.UnpackHigh(a, c), bd2 = Sse.UnpackHigh(b, d);
        Sse.UnpackLow(ac, bd).Store(to);
        Sse.UnpackHigh(ac, bd).Store(to + toRow);
        Sse.UnpackLow(ac2, bd2).Store(to + 2 * toRow);
        Sse.UnpackHigh(ac2, bd2).Store(to + 3 * toRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square8(double* from, long fromRow, double* to, long toRow)
    {
        Vector256<double> a = Vector256.Load(from), b = Vector256.Load(from + fromRow);
        Vector256<double> c = Vector256.Load(from + 2 * fromRow), d = Vector256.Load(from + 3 * fromRow);
        Vector256<double> ab = Avx.UnpackLow(a, b), ab2 = Avx.UnpackHigh(a, b); // a0 b0 a2 b2, a1 b1 a3 b3
        Vector256<double> cd = Avx.UnpackLow(c, d), cd2 = Avx.UnpackHigh(c, d);
        Avx.Permute2x128(ab, cd, 0x20).Store(to);
        Avx.Permute2x128(ab2, cd2, 0x20).Store(to + toRow);
        Avx.Permute2x128(ab, cd, 0x31).Store(to + 2 * toRow);
        Avx.Permute2x128(ab2, cd2, 0x31).Store(to + 3 * toRow);
    }
}
