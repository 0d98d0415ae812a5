using Noether.Nn;
using static Noether.Transform;

namespace Noether.Bench.Cases;

/// <summary>Scaled dot-product attention of 8 heads of 64, forward with the gradients of query, key and value.</summary>
internal static class AttentionCases
{
    private const int Heads = 8, Depth = 64;

    public static IEnumerable<Case> All { get; } =
    [
        .. from causal in (bool[])[false, true]
           from length in (int[])[256, 1024, 4096]
           select Gradient(length, causal),
    ];

    // Operands: query, key, value and the output's cotangent.
    public static Case Gradient(int length, bool causal, int batch = 1) => new(
        "attention", $"{(causal ? "causal, " : "")}{Heads} heads of {Depth}, length {length}, forward and backward", "attention-gradient",
        [.. Enumerable.Repeat(new Operand([batch, Heads, length, Depth]), 4)], x => Repetition(x, causal))
    {
        // Two products forward, five backward (the scores again); of causal scores about half are needed.
        Flops = 2.0 * 7 * batch * Heads * Depth * length * length * (causal ? 0.5 : 1),
        Bytes = sizeof(float) * 8.0 * batch * Heads * Depth * length,
        Options = [causal ? 1 : 0],
    };

    /// <summary>The values alone.</summary>
    public static Case Forward(int length, bool causal, int batch) => new(
        "attention", $"{(causal ? "causal, " : "")}{Heads} heads of {Depth}, length {length}, forward", "",
        [.. Enumerable.Repeat(new Operand([batch, Heads, length, Depth]), 3)], x =>
        {
            var compiled = Compile((Tensor[] a) => [Tensor.ScaledDotProductAttention(a[0], a[1], a[2], causal: causal)]);
            return () => compiled(x);
        })
    {
        Flops = 2.0 * 2 * batch * Heads * Depth * length * length * (causal ? 0.5 : 1),
        Bytes = sizeof(float) * 4.0 * batch * Heads * Depth * length,
    };

    private static Func<Tensor[]> Repetition(Tensor[] operands, bool causal)
    {
        var step = Compile((Tensor[] a) =>
        {
            var (y, pull) = Vjp(x => Tensor.ScaledDotProductAttention(x[0], x[1], x[2], causal: causal), new Batch(a[..3]));
            return [y, .. pull(a[3])];
        });
        return () => step(operands);
    }
}
