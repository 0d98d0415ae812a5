using Noether.Peers.Tests.Oracle;
using TorchSharp;
using static Noether.Peers.Tests.Oracle.Domain;
using static Noether.Peers.Tests.Oracle.Operation;
using static TorchSharp.torch;

namespace Noether.Peers.Tests.Operations;

internal static class ShapeOperations
{
    public static IEnumerable<Operation> All { get; } =
    [
        Map("flatten", Real, static x => x.Flatten(), static x => x.reshape(-1)),
        Map("expand", Real, static x => x.BroadcastTo([3, 2, .. x.Shape]), static x => x.expand([3, 2, .. x.shape])),
        Along("unsqueeze", static (x, a) => x.Unsqueeze(a), static (x, a) => x.unsqueeze(a)),
        Along("squeeze", static (x, a) => x.Narrow(a, 0, 1).Squeeze(a), static (x, a) => x.narrow(a, 0, 1).squeeze(a)),
        Along("merge axes", static (x, _) => x.Unsqueeze(0).Reshape(-1, x.Shape[^1]), static (x, _) => x.reshape(-1, x.shape[^1])),
        Along("flip", static (x, a) => x.Flip(a), static (x, a) => x.flip([a])),
        Along("roll", static (x, a) => x.Roll(2, a), static (x, a) => x.roll(2, a)),
        Along("repeat", static (x, a) => x.Repeat(3, a), static (x, a) => x.repeat_interleave(3, a)),
        Along("move an axis first", static (x, a) => x.MoveAxis(a, 0), static (x, a) => x.movedim([a], [0])),
        Along("swap with the last", static (x, a) => x.SwapAxes(a, -1), static (x, a) => x.swapaxes(a, -1)),
        Along("narrow", static (x, a) => x.Narrow(a, 1, x.Shape[a] - 1), static (x, a) => x.narrow(a, 1, x.shape[a < 0 ? a + x.dim() : a] - 1)),
        Along("join with its double", static (x, a) => Tensor.Concatenate(a, x, 2 * x, x), static (x, a) => cat([x, 2 * x, x], a)),
        Along("stack with its double", static (x, a) => Tensor.Stack(a, x, 2 * x), static (x, a) => stack([x, 2 * x], a)),
        Along("chunk", static (x, a) => x.Chunk(2, a)[0].Exp(), static (x, a) => x.chunk(2, a)[0].exp()),
        Along("split", static (x, a) => x.Split(2, a)[^1], static (x, a) => x.split(2, a)[^1]),
        Along("sliding windows", static (x, a) => x.SlidingWindows(2, 1, a).Square().Sum(), static (x, a) => x.unfold(a, 2, 1).square().sum(), least: 2),
        new("permute", static d =>
        {
            var shape = d.Sizes(1, 5);
            var order = d.Order(shape.Length);
            return new([d.Operand(shape, Real)], x => x[0].Permute(order), x => x[0].permute(Array.ConvertAll(order, static a => (long)a)));
        }),
        new("tile", static d =>
        {
            var shape = d.Sizes(1, 3);
            int[] counts = [d.Next(1, 3), d.Next(1, 2), d.Next(1, 3)];
            return new([d.Operand(shape, Real)], x => x[0].Tile(counts), x => x[0].tile(Array.ConvertAll(counts, static n => (long)n)));
        }),
        new("pad with a constant", static d =>
        {
            var shape = d.Sizes(2, 3);
            var (a, b, c, e) = (d.Next(0, 2), d.Next(0, 2), d.Next(0, 2), d.Next(0, 2));
            (int, int)[] padding = [.. new (int, int)[shape.Length - 2], (a, b), (c, e)];
            return new([d.Operand(shape, Real)], x => x[0].Pad(padding, value: 1.5), x => nn.functional.pad(x[0], [c, e, a, b], PaddingModes.Constant, 1.5));
        }),
        Padding("pad by reflection", PadMode.Reflect, PaddingModes.Reflect),
        Padding("pad by the edge", PadMode.Replicate, PaddingModes.Replicate),
        Padding("pad around", PadMode.Circular, PaddingModes.Circular),
        Of("diagonal", static d => [d.Sizes(2, 3)], static x => x[0].Diagonal(), static x => x[0].diagonal(0, -2, -1)),
        Of("diagonal above", static d => [d.Sizes(2, 4, least: 2)], static x => x[0].Diagonal(1, 0, 1), static x => x[0].diagonal(1, 0, 1)),
        Of("diagonal matrix", static d => [d.Sizes(1, 3)], static x => x[0].DiagonalMatrix(), static x => diag_embed(x[0])),
        // The peer's derivative of the trace of a tall matrix puts ones below the diagonal.
        Of("trace", static d => [[d.Next(1, 3), d.Next(3, 5)]], static x => x[0].Trace(), static x => x[0].trace()),
        Of("lower triangle", static d => [d.Sizes(2, 4)], static x => x[0].LowerTriangle(-1), static x => x[0].tril(-1)),
        Of("upper triangle", static d => [d.Sizes(2, 4)], static x => x[0].UpperTriangle(1), static x => x[0].triu(1)),
        Of("block diagonal", static d => [[2, 3], [d.Next(1, 3), d.Next(1, 3)]], static x => Tensor.BlockDiagonal(x[0], x[1]), static x => block_diag([x[0], x[1]])),
    ];

    // The peer pads the last axis of rank 3, [N, C, n].
    private static Operation Padding(string name, PadMode mode, PaddingModes peer) => new(name, d =>
    {
        int[] shape = [d.Next(1, 3), d.Next(1, 3), d.Next(3, 5)];
        var (low, high) = (d.Next(0, 2), d.Next(0, 2));
        return new([d.Operand(shape, Real)], x => x[0].Pad([(0, 0), (0, 0), (low, high)], mode), x => nn.functional.pad(x[0], [low, high], peer));
    });
}
