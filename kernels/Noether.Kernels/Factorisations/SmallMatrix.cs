namespace Noether.Kernels.Factorisations;

/// <summary>Square matrices that one group holds in shared memory.</summary>
public static class SmallMatrix
{
    /// <summary>The most rows.</summary>
    public const int MostRows = Rows64.Rows;

    // Threads of the smallest group: a warp.
    private const int LeastThreads = 32;

    /// <summary>Threads for a group with <paramref name="work"/> elements to bring up to date in a step: about eight elements each.</summary>
    internal static int Threads(int most, int work)
    {
        var threads = LeastThreads;
        while (threads < most && threads * 8 < work) threads *= 2;
        return Math.Min(threads, most);
    }
}
