using Noether.Peers.Tests.Oracle;
using static Noether.Peers.Tests.Oracle.Domain;
using static Noether.Peers.Tests.Oracle.Operation;
using static TorchSharp.torch;

namespace Noether.Peers.Tests.Operations;

internal static class ScanOperations
{
    public static IEnumerable<Operation> All { get; } =
    [
        Along("cumulative sum", static (x, a) => x.CumSum(a), static (x, a) => x.cumsum(a), least: 0),
        Along("cumulative product", static (x, a) => x.CumProd(a), static (x, a) => x.cumprod(a), domain: NonZero),
        Along("cumulative max", static (x, a) => x.CumMax(a), static (x, a) => x.cummax(a).values),
        Along("cumulative argmax", static (x, a) => x.CumArgMax(a), static (x, a) => x.cummax(a).indexes, smooth: false),
        Along("cumulative min", static (x, a) => x.CumMin(a), static (x, a) => -(-x).cummax(a).values),
        Along("sort", static (x, a) => x.Sort(a), static (x, a) => x.sort(a).Values),
        Along("sort, descending", static (x, a) => x.Sort(a, descending: true), static (x, a) => x.sort(a, descending: true).Values),
        Along("argsort", static (x, a) => x.ArgSort(a), static (x, a) => x.argsort(a), smooth: false),
        Along("top-k", static (x, a) => x.TopK(2, a).Values, static (x, a) => x.topk(2, a).values, least: 2),
        Along("top-k indices", static (x, a) => x.TopK(2, a, largest: false).Indices, static (x, a) => x.topk(2, a, largest: false).indexes, smooth: false, least: 2),
        Along("quantile", static (x, a) => x.Quantile(0.3, a), static (x, a) => x.quantile(full([], 0.3, x.dtype), Counted(x, a))),
        Along("several quantiles", static (x, a) => x.Quantile([0.1, 0.5, 1], a), static (x, a) => x.quantile(tensor(new[] { 0.1, 0.5, 1 }).to_type(x.dtype), Counted(x, a))),
        Of("unique", static d => [[d.Next(1, 30)]], static x => x[0].Round().Unique(), static x => x[0].round().unique().output, smooth: false),
        new("search in sorted", static d => new([d.Operand([d.Next(1, 9)], Real), d.Operand(d.Sizes(1, 2), Real)],
            x => x[0].Sort().SearchSorted(x[1]), x => searchsorted(x[0].sort().Values, x[1].contiguous())))
        {
            Differentiable = false,
        },
    ];

    // TorchSharp takes axis -1 of a quantile for all axes.
    private static long Counted(TorchSharp.torch.Tensor x, int axis) => axis < 0 ? axis + x.dim() : axis;
}
