using Noether.Peers.Tests.Oracle;
using static Noether.Peers.Tests.Oracle.Operation;
using static TorchSharp.torch;

namespace Noether.Peers.Tests.Operations;

internal static class ContractionOperations
{
    public static IEnumerable<Operation> All { get; } =
    [
        Product("matmul", static (d, n, k, m) => [[n, k], [k, m]]),
        Product("matmul, batched", static (d, n, k, m) => [[3, n, k], [3, k, m]]),
        Product("matmul, broadcast", static (d, n, k, m) => [[2, 1, n, k], [3, k, m]]),
        Product("matmul, many by one", static (d, n, k, m) => [[2, 3, n, k], [k, m]]),
        Product("matmul, one by many", static (d, n, k, m) => [[n, k], [2, k, m]]),
        Product("matmul, by a vector", static (d, n, k, m) => [[n, k], [k]]),
        Product("matmul, of a vector", static (d, n, k, m) => [[k], [2, k, m]]),
        Product("dot", static (d, n, k, m) => [[k], [k]]),
        new("matmul of transposes", static d =>
        {
            var (n, k, m) = (d.Next(1, 40), d.Next(1, 40), d.Next(1, 40));
            return new([d.Operand([k, n], Domain.Real), d.Operand([m, k], Domain.Real)],
                x => x[0].Transpose().MatMul(x[1].Transpose()), x => x[0].t().matmul(x[1].t()));
        }),
        Sum("ij,jk->ik", static (i, j, k, l) => [[i, j], [j, k]]),
        Sum("bij,bjk->bik", static (b, i, j, k) => [[b, i, j], [b, j, k]]),
        Sum("ij,ij->i", static (i, j, k, l) => [[i, j], [i, j]]),
        Sum("ij,kl->ijkl", static (i, j, k, l) => [[i, j], [k, l]]),
        Sum("ijk->kj", static (i, j, k, l) => [[i, j, k]]),
        Sum("ii->i", static (i, j, k, l) => [[i, i]]),
        Sum("ij,jk,kl->il", static (i, j, k, l) => [[i, j], [j, k], [k, l]]),
        Sum("...ij,...jk->...ik", static (i, j, k, l) => [[2, 3, i, j], [3, j, k]]),
        Sum("bhqd,bhkd->bhqk", static (q, d, k, b) => [[b, 2, q, d], [b, 2, k, d]]),
        // TorchSharp's own tensordot reads beyond its arrays.
        Of("tensordot", static d => [[d.Next(1, 4), 3, 2], [3, 2, d.Next(1, 4)]], static x => x[0].TensorDot(x[1]), static x => einsum("iab,abj->ij", x)),
        Of("tensordot over named axes", static d => [[3, d.Next(1, 4), 2], [d.Next(1, 4), 2, 3]],
            static x => x[0].TensorDot(x[1], [0, 2], [2, 1]), static x => einsum("aib,jba->ij", x)),
        Of("outer", static d => [[d.Next(1, 6)], [d.Next(1, 6)]], static x => x[0].Outer(x[1]), static x => outer(x[0], x[1])),
        // The peer's own kron has a backward pass that fails on some layouts.
        Of("kron", static d => [[d.Next(1, 4), d.Next(1, 4)], [d.Next(1, 4), d.Next(1, 4)]], static x => x[0].Kron(x[1]),
            static x => einsum("ab,cd->acbd", x).reshape(x[0].shape[0] * x[1].shape[0], x[0].shape[1] * x[1].shape[1])),
        Of("cross", static d => [[d.Next(1, 4), 3], [1, 3]], static x => x[0].Cross(x[1]), static x => linalg.cross(x[0], x[1])),
    ];

    private static Operation Product(string name, Func<Draw, int, int, int, int[][]> shapes) =>
        Of(name, d => shapes(d, d.Next(1, 40), d.Next(1, 40), d.Next(1, 40)), static x => x[0].MatMul(x[1]), static x => x[0].matmul(x[1]), slack: 2);

    private static Operation Sum(string subscripts, Func<int, int, int, int, int[][]> shapes) =>
        Of("einsum " + subscripts, d => shapes(d.Next(1, 5), d.Next(1, 5), d.Next(1, 5), d.Next(1, 5)),
            x => Tensor.Einsum(subscripts, x), x => einsum(subscripts, x));
}
