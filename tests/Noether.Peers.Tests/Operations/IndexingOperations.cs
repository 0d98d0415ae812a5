using Noether.Peers.Tests.Oracle;
using static Noether.Peers.Tests.Oracle.Domain;
using TorchIndex = TorchSharp.torch.TensorIndex;
using TorchTensor = TorchSharp.torch.Tensor;

namespace Noether.Peers.Tests.Operations;

internal static class IndexingOperations
{
    public static IEnumerable<Operation> All { get; } =
    [
        new("index by a range", static d =>
        {
            int[] shape = [d.Next(3, 6), d.Next(2, 4)];
            var (from, to) = (d.Next(0, 1), d.Next(2, shape[0]));
            return new([d.Operand(shape, Real)], x => x[0][from..to, 1], x => x[0].index(TorchIndex.Slice(from, to), TorchIndex.Single(1)));
        }),
        new("index from the end", static d => new([d.Operand([d.Next(3, 6), d.Next(2, 4)], Real)],
            x => x[0][^2, 1..], x => x[0].index(TorchIndex.Single(-2), TorchIndex.Slice(1)))),
        new("index by a step", static d => new([d.Operand([d.Next(3, 6), d.Next(2, 6)], Real)],
            x => x[0][.., TensorIndex.Every(2)], x => x[0].index(TorchIndex.Colon, TorchIndex.Slice(step: 2)))),
        new("index by a new axis", static d => new([d.Operand([d.Next(1, 4), d.Next(1, 4), 3], Real)],
            x => x[0][TensorIndex.NewAxis, TensorIndex.Ellipsis, 0], x => x[0].index(TorchIndex.None, TorchIndex.Ellipsis, TorchIndex.Single(0)))),
        Integers("index by integers", 2, static (x, i) => x[Index(i)], static (x, i) => x.index(TorchIndex.Tensor(i))),
        Integers("index the second axis by integers", 2, static (x, i) => x[.., Index(i)], static (x, i) => x.index(TorchIndex.Colon, TorchIndex.Tensor(i))),
        Integers("index by pairs of integers", 3,
            static (x, i) => x[Index(i), Index(i)], static (x, i) => x.index(TorchIndex.Tensor(i), TorchIndex.Tensor(i))),
        Integers("index by integers beside a range", 3,
            static (x, i) => x[Index(i), 1.., Index(i)], static (x, i) => x.index(TorchIndex.Tensor(i), TorchIndex.Slice(1), TorchIndex.Tensor(i))),
        Integers("take", 3, static (x, i) => x.Take(Index(i), 1), static (x, i) => x.index_select(1, i)),
        new("index by a mask", static d => new([d.Operand([d.Next(2, 5), d.Next(2, 5)], NonZero, distinct: true)], x => x[0][(x[0] > 0).StopGradient()], x => x[0].masked_select(x[0] > 0)))
        {
            Differentiable = false,
        },
        Along("gather", static (x, i) => x.TakeAlong(i, 1), static (x, i) => x.gather(1, i)),
        new("scatter-add", static d =>
        {
            int rows = d.Next(2, 4), count = d.Next(2, 5), n = d.Next(3, 6);
            var index = d.Integers(rows * count, 0, n - 1);
            return new([d.Operand([rows, n], Real), d.Operand([rows, count], Real)],
                x => x[0] + x[1].PutAlong(Tensor.From(index, [rows, count]), 1, n),
                x => x[0].scatter_add(1, TorchSharp.torch.tensor(index, [rows, count]), x[1]));
        }),
        new("add at integers", static d =>
        {
            var n = d.Next(3, 5);
            var index = d.Integers(4, 0, n - 1);
            return new([d.Operand([n, 3], Real), d.Operand([4, 3], Real)],
                x => x[0].At(Tensor.From(index)).Add(x[1]),
                x => x[0].index_add(0, TorchSharp.torch.tensor(index), x[1], 1));
        }),
        new("set at integers", static d =>
        {
            int[] order = d.Order(5);
            long[] index = [order[0], order[1], order[2]];
            return new([d.Operand([5, 3], Real), d.Operand([3, 3], Real)],
                x => x[0].At(Tensor.From(index)).Set(x[1]),
                x => x[0].index_copy(0, TorchSharp.torch.tensor(index), x[1]));
        }),
        new("set under a mask", static d => new([d.Operand(d.Sizes(1, 3), NonZero, distinct: true)],
            x => x[0].At((x[0] > 0).StopGradient()).Set(0.5), x => x[0].masked_fill(x[0] > 0, 0.5))),
        new("one-hot", static d =>
        {
            var index = d.Integers(6, 0, 3);
            return new([d.Operand([4], Real)],
                x => Tensor.From(index, [2, 3]).OneHot(4, x[0].DType) * x[0],
                x => TorchSharp.torch.nn.functional.one_hot(TorchSharp.torch.tensor(index, [2L, 3L]), 4).to_type(x[0].dtype) * x[0]);
        }),
    ];

    private static Tensor Index(TorchTensor index) => Tensor.From(index.data<long>().ToArray());

    // Integers in both halves of the axis's range where the peer takes them, that is from 0 up.
    private static Operation Integers(
        string name, int rank, Func<Tensor, TorchTensor, Tensor> ours, Func<TorchTensor, TorchTensor, TorchTensor> theirs) => new(name, d =>
    {
        var shape = Enumerable.Range(0, rank).Select(_ => d.Next(3, 5)).ToArray();
        var index = d.Integers(d.Next(1, 6), 0, 2);
        return new([d.Operand(shape, Real)], x => ours(x[0], TorchSharp.torch.tensor(index)), x => theirs(x[0], TorchSharp.torch.tensor(index)));
    });

    private static Operation Along(string name, Func<Tensor, Tensor, Tensor> ours, Func<TorchTensor, TorchTensor, TorchTensor> theirs) => new(name, d =>
    {
        int rows = d.Next(1, 4), n = d.Next(2, 5), count = d.Next(1, 6);
        var index = d.Integers(rows * count, 0, n - 1);
        return new([d.Operand([rows, n], Real)],
            x => ours(x[0], Tensor.From(index, [rows, count])), x => theirs(x[0], TorchSharp.torch.tensor(index, [rows, count])));
    });
}
