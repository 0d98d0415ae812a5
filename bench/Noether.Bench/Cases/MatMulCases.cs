namespace Noether.Bench.Cases;

/// <summary>Matrix products: square, tall, transposed, batched, by a vector.</summary>
internal static class MatMulCases
{
    public static IEnumerable<Case> All { get; } =
    [
        Square(64),
        Square(128),
        Square(256),
        Square(512),
        Square(1024),
        Square(2048),
        Product("128x784 by 784x512", [128, 784], [784, 512]),
        Product("4096x64 by 64x4096", [4096, 64], [64, 4096]),
        Product("64 of 64", [64, 64, 64], [64, 64, 64]),
        Product("4096x4096 by a vector", [4096, 4096], [4096]),
        Product("a vector by 4096x4096", [1, 4096], [4096, 4096]),
        Product("256 float64", [256, 256], [256, 256], DType.Float64),
        Product("1024 float64", [1024, 1024], [1024, 1024], DType.Float64),
        Product("256 bfloat16", [256, 256], [256, 256], DType.BFloat16),
        Product("1024 bfloat16", [1024, 1024], [1024, 1024], DType.BFloat16),
        Product("4096x4096 bfloat16 by a vector", [4096, 4096], [4096], DType.BFloat16),
        Product("32 of 128", [32, 128, 128], [32, 128, 128]),
        Product("512 transposed", [512, 512], [512, 512], operation: "matmul-transposed", ours: static (a, b) => a.Transpose().MatMul(b.Transpose())),
        Product("100000x16 by 16x16", [100_000, 16], [16, 16]),
    ];

    public static Case Square(int n) => Product($"{n}", [n, n], [n, n]);

    public static Case Product(
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
