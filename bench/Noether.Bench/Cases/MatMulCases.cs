namespace Noether.Bench.Cases;

/// <summary>Matrix products: square, tall, transposed, batched, by a vector.</summary>
internal static class MatMulCases
{
    public static IEnumerable<Case> All { get; } =
    [
        Product("128", [128, 128], [128, 128]),
        Product("512", [512, 512], [512, 512]),
        Product("1024", [1024, 1024], [1024, 1024]),
        Product("512 float64", [512, 512], [512, 512], DType.Float64),
        Product("128x784 by 784x512", [128, 784], [784, 512]),
        Product("32 of 128", [32, 128, 128], [32, 128, 128]),
        Product("2048x2048 by a vector", [2048, 2048], [2048]),
        Product("512 transposed", [512, 512], [512, 512], operation: "matmul-transposed", ours: static (a, b) => a.Transpose().MatMul(b.Transpose())),
    ];

    private static Case Product(
        string name, int[] a, int[] b, DType type = DType.Float32, string operation = "matmul", Func<Tensor, Tensor, Tensor>? ours = null)
    {
        ours ??= static (a, b) => a.MatMul(b);
        Operand x = new(a), y = new(b);
        var columns = b.Length == 1 ? 1 : b[^1];
        var result = (double)x.Size / a[^1] * columns;
        return new("matmul", name, operation, [x, y], operands => () => [ours(operands[0], operands[1])])
        {
            Type = type,
            Flops = 2 * result * a[^1],
            Bytes = (x.Size + y.Size + result) * type.Bytes(),
        };
    }
}
