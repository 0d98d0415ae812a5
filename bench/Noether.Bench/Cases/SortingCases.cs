namespace Noether.Bench.Cases;

/// <summary>Orders along the last axis: positions are computed with the values on both sides, and values compared.</summary>
internal static class SortingCases
{
    private const int K = 10;

    public static IEnumerable<Case> All { get; } =
    [
        Sort(1, 1_000_000, "1e6"),
        Sort(4096, 1024, "4096x1024"),
        Top(1, 1_000_000, "1e6"),
        Top(4096, 1024, "4096x1024"),
    ];

    private static Case Sort(int rows, int n, string sizes) => new("sort", $"sort of {sizes}", "sort", [new([rows, n])], x => () => [x[0].Sort()])
    {
        Flops = (double)rows * n,
        Bytes = (2.0 * sizeof(float) + sizeof(long)) * rows * n,
    };

    private static Case Top(int rows, int n, string sizes) => new("sort", $"largest {K} of {sizes}", "top-k", [new([rows, n])], x => () => [x[0].TopK(K).Values])
    {
        Flops = (double)rows * n,
        Bytes = (double)sizeof(float) * rows * n,
        Options = [K],
    };
}
