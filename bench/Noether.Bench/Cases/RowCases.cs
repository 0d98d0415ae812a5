using Noether.Nn;
using static Noether.Transform;

namespace Noether.Bench.Cases;

/// <summary>Functions of rows, forward and backward: values and gradients for a given cotangent, or of a mean loss.</summary>
internal static class RowCases
{
    public static IEnumerable<Case> All { get; } =
    [
        .. Each((rows, n) => Pullback("softmax", "softmax-gradient", [new([rows, n])], 8, static x => x[0].Softmax(1))),
        .. Each((rows, n) => Pullback("layer norm", "layer-norm-gradient", [new([rows, n]), new([n]), new([n])], 15, static x => x[0].LayerNorm(1, x[1], x[2]))),
        .. Each((rows, n) => CrossEntropy(rows, n)),
    ];

    private static IEnumerable<Case> Each(Func<int, int, Case> make) => [make(64, 10), make(4096, 1024)];

    // Operands: the function's, then a cotangent of the first one's shape.
    private static Case Pullback(string name, string operation, Operand[] operands, int flops, Func<Tensor[], Tensor> f)
    {
        var x = operands[0];
        return new("rows", $"{name} and gradient, {x.Shape[0]}x{x.Shape[1]}", operation, [.. operands, new(x.Shape)], a =>
        {
            var compiled = Compile((Tensor[] t) =>
            {
                var tree = new Parameters(t[..^1].Select(static (p, i) => KeyValuePair.Create($"{i}", p)));
                var (value, pull) = Vjp<Parameters, Tensor>(p => f([.. p.Leaves]), tree);
                return [value, .. pull(t[^1]).Leaves];
            });
            return () => compiled(a);
        })
        {
            Flops = (double)flops * x.Size,
            Bytes = sizeof(float) * 5.0 * x.Size, // x and y; then y or x, the cotangent, the gradient
        };
    }

    private static Case CrossEntropy(int rows, int n) =>
        new("rows", $"cross-entropy and gradient, {rows}x{n}", "cross-entropy-gradient", [new([rows, n]), new([rows], Classes: n)], a =>
        {
            var compiled = Compile((Tensor[] t) =>
            {
                var (loss, gradient) = ValueAndGrad(x => Loss.CrossEntropy(x, t[1]))(t[0]);
                return [loss, gradient];
            });
            return () => compiled(a);
        })
        {
            Flops = 6.0 * rows * n,
            Bytes = sizeof(float) * 3.0 * rows * n,
        };
}
