using System.Numerics;
using System.Runtime.CompilerServices;

namespace Noether.Devices.Host;

/// <summary>Stable orders along the middle axis of a dense [outer, n, inner].</summary>
/// <remarks>
/// Algorithm: every element becomes an unsigned key of its size in the same order (signs flipped, all NaN equal and above all numbers,
///            -0 equal to 0; complemented for descending order, so equals keep their order there too). Rows shorter than 256 are sorted by
///            merging, beginning with runs of 16 by insertion; longer ones by radix, 8 bits a pass from the lowest; a byte that
///            all keys share costs no pass, so small integers are cheap.
/// Cost:      one pass of radix moves n keys and n indices; 4 passes for 4-byte elements, 8 for 8-byte elements.
/// Parallel:  over rows, a row being the n elements of one outer and inner index.
/// </remarks>
internal static unsafe class Sorting
{
    private const int ShortRow = 256;
    private const int InsertionRun = 16;
    private const long ElementsPerTask = 2048;

    /// <summary>
    /// indices[o, ·, i] = the order in which x[o, ·, i] is sorted; equals keep their order. NaN counts as greater than every number: last in
    /// ascending order, first in descending. <paramref name="sorted"/>, unless null, receives the sorted elements.
    /// </summary>
    public static void Argsort<T>(T* x, long* indices, T* sorted, long outer, int n, long inner, bool descending)
        where T : unmanaged, INumber<T>
    {
        var rows = outer * inner;
        if (rows <= 0 || n <= 0)
            return;
        var each = (int)Math.Max(1, ElementsPerTask / n);
        var tasks = checked((int)((rows + each - 1) / each));
        if (sizeof(T) == 8)
            WorkerPool.Shared.For(tasks, new Rows<T, ulong>(x, indices, sorted, rows, n, inner, each, descending));
        else
            WorkerPool.Shared.For(tasks, new Rows<T, uint>(x, indices, sorted, rows, n, inner, each, descending));
    }

    private readonly struct Rows<T, K>(T* x, long* indices, T* sorted, long rows, int n, long inner, int each, bool descending) : IParallelBody
        where T : unmanaged, INumber<T>
        where K : unmanaged, IBinaryInteger<K>, IUnsignedNumber<K>
    {
        public void Invoke(int index)
        {
            using var keyScratch = Workspace.Rent<K>(2L * n);
            using var indexScratch = Workspace.Rent<int>(2L * n);
            var pairs = new Pairs<K>
            {
                Keys = keyScratch.As<K>(),
                Spare = keyScratch.As<K>() + n,
                Indices = indexScratch.As<int>(),
                SpareIndices = indexScratch.As<int>() + n,
            };
            var end = Math.Min(rows, (index + 1L) * each);
            for (var row = (long)index * each; row < end; row++)
                Sort(row / inner * n * inner + row % inner, ref pairs);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Sort(long start, ref Pairs<K> pairs)
        {
            var from = x + start;
            for (var i = 0; i < n; i++)
            {
                var key = Key(from[i * inner]);
                pairs.Keys[i] = descending ? ~key : key;
                pairs.Indices[i] = i;
            }

            if (n < ShortRow)
                pairs.Merge(n);
            else
                pairs.Radix(n);

            var to = indices + start;
            for (var i = 0; i < n; i++)
                to[i * inner] = pairs.Indices[i];
            if (sorted == null)
                return;

            var values = sorted + start;
            for (var i = 0; i < n; i++)
                values[i * inner] = from[pairs.Indices[i] * inner];
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static K Key(T value)
        {
            if (typeof(T) == typeof(float))
            {
                var v = (float)(object)value;
                if (float.IsNaN(v))
                    return K.CreateTruncating(uint.MaxValue);
                var bits = BitConverter.SingleToInt32Bits(v + 0f); // -0 becomes 0
                return K.CreateTruncating((uint)(bits ^ ((bits >> 31) | int.MinValue)));
            }

            if (typeof(T) == typeof(double))
            {
                var v = (double)(object)value;
                if (double.IsNaN(v))
                    return K.CreateTruncating(ulong.MaxValue);
                var bits = BitConverter.DoubleToInt64Bits(v + 0d);
                return K.CreateTruncating((ulong)(bits ^ ((bits >> 63) | long.MinValue)));
            }

            if (typeof(T) == typeof(long))
                return K.CreateTruncating((ulong)((long)(object)value ^ long.MinValue));
            return K.CreateTruncating((uint)(int.CreateTruncating(value) ^ int.MinValue));
        }
    }

    // Keys with the indices that travel along, and room for as many again.
    private struct Pairs<K>
        where K : unmanaged, IBinaryInteger<K>, IUnsignedNumber<K>
    {
        public K* Keys, Spare;
        public int* Indices, SpareIndices;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Radix(int n)
        {
            var counts = stackalloc int[256 * sizeof(K)];
            new Span<int>(counts, 256 * sizeof(K)).Clear();
            for (var i = 0; i < n; i++)
            {
                var key = ulong.CreateTruncating(Keys[i]);
                for (var digit = 0; digit < sizeof(K); digit++, key >>= 8)
                    counts[256 * digit + (int)(key & 255)]++;
            }

            for (var digit = 0; digit < sizeof(K); digit++)
            {
                var count = counts + 256 * digit;
                var shift = 8 * digit;
                if (count[(int)(ulong.CreateTruncating(Keys[0]) >> shift & 255)] == n)
                    continue;

                for (int i = 0, sum = 0; i < 256; i++)
                    (count[i], sum) = (sum, sum + count[i]);
                for (var i = 0; i < n; i++)
                {
                    var to = count[(int)(ulong.CreateTruncating(Keys[i]) >> shift & 255)]++;
                    Spare[to] = Keys[i];
                    SpareIndices[to] = Indices[i];
                }

                Exchange();
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Merge(int n)
        {
            for (var begin = 0; begin < n; begin += InsertionRun)
                Insert(begin, Math.Min(n, begin + InsertionRun));

            for (var run = InsertionRun; run < n; run *= 2)
            {
                for (var begin = 0; begin < n; begin += 2 * run)
                {
                    int left = begin, middle = Math.Min(n, begin + run), right = middle, end = Math.Min(n, begin + 2 * run);
                    for (var to = begin; to < end; to++)
                    {
                        var from = right == end || (left < middle && Keys[left] <= Keys[right]) ? left++ : right++;
                        Spare[to] = Keys[from];
                        SpareIndices[to] = Indices[from];
                    }
                }

                Exchange();
            }
        }

        private void Insert(int begin, int end)
        {
            for (var i = begin + 1; i < end; i++)
            {
                var key = Keys[i];
                var index = Indices[i];
                var to = i;
                for (; to > begin && Keys[to - 1] > key; to--)
                {
                    Keys[to] = Keys[to - 1];
                    Indices[to] = Indices[to - 1];
                }

                Keys[to] = key;
                Indices[to] = index;
            }
        }

        private void Exchange()
        {
            var keys = Keys;
            Keys = Spare;
            Spare = keys;
            var indices = Indices;
            Indices = SpareIndices;
            SpareIndices = indices;
        }
    }
}
