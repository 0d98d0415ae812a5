using Noether.Nn;
using static Noether.Transform;

namespace Noether.Bench.Cases;

/// <summary>Elementary functions of a million numbers, and GELU's gradient: mathematics rather than memory, as 8 MB stay in the last cache.</summary>
internal static class FunctionCases
{
    private const int Size = 1_000_000;

    public static IEnumerable<Case> All { get; } =
    [
        Map("exp", static x => x.Exp()),
        Map("tanh", static x => x.Tanh()),
        Map("sigmoid", static x => x.Sigmoid()),
        Map("sin", static x => x.Sin()),
        Map("erf", static x => x.Erf()),
        Map("gelu", static x => x.Gelu()),
        Map("gelu-tanh", static x => x.GeluTanh()),
        Map("erf", static x => x.Erf(), DType.Float64),
        Map("erfinv", static x => x.ErfInverse(), DType.Float64, 0.2),
        Pullback("gelu", static x => x.Gelu()),
        Pullback("gelu-tanh", static x => x.GeluTanh()),
    ];

    private static Case Map(string name, Func<Tensor, Tensor> f, DType type = DType.Float32, double scale = 1) =>
        new("functions", $"{name}{(type == DType.Float64 ? ", float64" : "")}, 1e6", name, [new([Size], Scale: scale)], a => () => [f(a[0])])
        {
            Flops = Size,
            Bytes = 2.0 * Size * type.Bytes(),
            Type = type,
        };

    // Operands: x and a cotangent.
    private static Case Pullback(string name, Func<Tensor, Tensor> f) =>
        new("functions", $"{name} and gradient, 1e6", $"{name}-gradient", [new([Size]), new([Size])], a =>
        {
            var compiled = Compile((Tensor[] t) =>
            {
                var (value, pull) = Vjp<Parameters, Tensor>(p => f(p.Leaves[0]), new Parameters([KeyValuePair.Create("x", t[0])]));
                return [value, .. pull(t[1]).Leaves];
            });
            return () => compiled(a);
        })
        {
            Flops = 2.0 * Size,
            Bytes = sizeof(float) * 5.0 * Size,
        };
}
