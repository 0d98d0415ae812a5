namespace Noether.Bench.Cases;

/// <summary>Elementwise functions on arrays beyond the caches, a chain that fuses, a broadcast, a transposed operand, and one small call.</summary>
internal static class ElementwiseCases
{
    private const int Large = 1 << 22, Small = 1000;

    public static IEnumerable<Case> All { get; } =
    [
        Map("x + y", "add", [[Large], [Large]], 1, static x => x[0] + x[1]),
        Map("x + y, 1000 elements", "add", [[Small], [Small]], 1, static x => x[0] + x[1]),
        Map("x y + z", "multiply-add", [[Large], [Large], [Large]], 2, static x => x[0] * x[1] + x[2]),
        Map("exp", "exp", [[Large]], 1, static x => x[0].Exp()),
        Map("tanh", "tanh", [[Large]], 1, static x => x[0].Tanh()),
        Map("gelu", "gelu", [[Large]], 5, static x => x[0].Gelu()),
        Map("sin(x)² + cos(x)²", "chain", [[Large]], 5, static x => x[0].Sin().Square() + x[0].Cos().Square()),
        Map("2048x2048 + row", "add", [[2048, 2048], [2048]], 1, static x => x[0] + x[1]),
        Map("2048x2048 + transposed", "add-transposed", [[2048, 2048], [2048, 2048]], 1, static x => x[0] + x[1].Transpose()),
        Chain(1000), Chain(100_000), Chain(10_000_000),
    ];

    // Ten operations that a compiled function runs in one pass.
    public static Case Chain(int size)
    {
        static Tensor Ours(Tensor x, Tensor y) => (((x * y + 1.5) * x - y).Maximum(0.1) * 0.5 + (x - 0.25).Abs()) / (y + 2);
        return new("elementwise", $"ten operations, {size} elements", "chain-10", [new([size]), new([size])], x =>
        {
            var compiled = Transform.Compile(Ours);
            return () => [compiled(x[0], x[1])];
        })
        {
            Flops = 10.0 * size,
            Bytes = 3.0 * sizeof(float) * size,
        };
    }

    private static Case Map(string name, string operation, int[][] shapes, int flops, Func<Tensor[], Tensor> ours)
    {
        var operands = Array.ConvertAll(shapes, static shape => new Operand(shape));
        double size = operands[0].Size;
        return new("elementwise", name, operation, operands, x => () => [ours(x)])
        {
            Flops = flops * size,
            Bytes = sizeof(float) * (operands.Sum(static x => (double)x.Size) + size),
        };
    }
}
