namespace Noether.Devices.Host;

/// <summary>Stable orders along one axis of dense tensors [outer, n, inner].</summary>
/// <remarks>
/// Elements become unsigned keys in the same order (sign bit flipped, negative floats complemented, -0 as 0, every NaN above all, all
/// complemented for descending order). 32-bit keys are sorted with their positions in one 64-bit word, 64-bit keys beside them.
/// </remarks>
internal static unsafe class Sorting
{
    public static void ArgSort32(uint* x, bool isFloat, bool descending, long* y, long outer, long n, long inner) => Rows(outer, n, inner, row =>
    {
        using var words = Workspace.Rent<ulong>(n);
        var packed = words.As<ulong>();
        var start = row / inner * n * inner + row % inner;
        for (long i = 0; i < n; i++)
        {
            var key = isFloat ? Key(x[start + i * inner]) : x[start + i * inner] ^ 0x8000_0000;
            packed[i] = (ulong)(descending ? ~key : key) << 32 | (uint)i;
        }

        new Span<ulong>(packed, checked((int)n)).Sort();
        for (long i = 0; i < n; i++) y[start + i * inner] = (uint)packed[i];
    });

    public static void ArgSort64(ulong* x, bool isFloat, bool descending, long* y, long outer, long n, long inner) => Rows(outer, n, inner, row =>
    {
        using var words = Workspace.Rent<ulong>(2 * n);
        var keys = new Span<ulong>(words.As<ulong>(), checked((int)n));
        var items = new Span<long>(words.As<long>() + n, keys.Length);
        var start = row / inner * n * inner + row % inner;
        for (var i = 0; i < keys.Length; i++)
        {
            var key = isFloat ? Key(x[start + i * inner]) : x[start + i * inner] ^ 0x8000_0000_0000_0000;
            keys[i] = descending ? ~key : key;
            items[i] = i;
        }

        keys.Sort(items);

        // The library's sort is not stable: put the positions of equal keys in order.
        for (var begin = 0; begin < keys.Length;)
        {
            var end = begin + 1;
            while (end < keys.Length && keys[end] == keys[begin]) end++;
            if (end - begin > 1) items[begin..end].Sort();
            begin = end;
        }

        for (var i = 0; i < items.Length; i++) y[start + i * inner] = items[i];
    });

    /// <summary>Two values: those that come first in order of position, then the others.</summary>
    public static void ArgSort8(byte* x, bool descending, long* y, long outer, long n, long inner) => Rows(outer, n, inner, row =>
    {
        var start = row / inner * n * inner + row % inner;
        long next = 0;
        for (var pass = 0; pass < 2; pass++)
        {
            var wanted = (pass == 1) != descending;
            for (long i = 0; i < n; i++)
            {
                if (x[start + i * inner] != 0 == wanted) y[start + next++ * inner] = i;
            }
        }
    });

    private static void Rows(long outer, long n, long inner, Action<int> sort)
    {
        if (outer * n * inner > 0) WorkerPool.Shared.For(checked((int)(outer * inner)), sort);
    }

    private static uint Key(uint bits)
    {
        if ((bits & 0x7FFF_FFFF) > 0x7F80_0000) return uint.MaxValue;
        if (bits == 0x8000_0000) bits = 0;
        return (int)bits < 0 ? ~bits : bits | 0x8000_0000;
    }

    private static ulong Key(ulong bits)
    {
        if ((bits & long.MaxValue) > 0x7FF0_0000_0000_0000) return ulong.MaxValue;
        if (bits == 0x8000_0000_0000_0000) bits = 0;
        return (long)bits < 0 ? ~bits : bits | 0x8000_0000_0000_0000;
    }
}
