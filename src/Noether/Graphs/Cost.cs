using Noether.Primitives;

namespace Noether.Graphs;

/// <summary>What a step costs by the textbook: floating-point operations, and bytes read and written once each.</summary>
/// <param name="Flops">A function of an element counts as one; a product of matrices or a correlation two for each multiply-add.</param>
/// <param name="Bytes">Of every operand and result.</param>
internal readonly record struct Cost(double Flops, double Bytes)
{
    public static Cost Of(Step step, IReadOnlyList<TensorType> x, IReadOnlyList<TensorType> y)
    {
        double bytes = x.Sum(BytesOf) + y.Sum(BytesOf);
        var flops = step switch
        {
            { Group: { } group } => FlopsOf(group),
            { Primitive: MatMul } => 2.0 * y[0].Shape.Size * x[0].Shape[^1],
            { Primitive: MatMulSum } => 2.0 * y[0].Shape.Size * x.Where(static (_, i) => i % 2 == 0).Sum(static t => (double)t.Shape[^1]),
            { Primitive: DualMatMul } => 6.0 * y[0].Shape.Size * x[0].Shape[^1],
            { Primitive: Convolution convolution } => 2.0 * y[0].Shape.Size * x[1].Shape[(convolution.FirstSpatialAxis - 1)..].Size,
            { Primitive: Attention attention } => 2 * Pairs(x, attention.Causal) * (x[1].Shape[^1] + x[2].Shape[^1]),
            { Primitive: AttentionTangent tangent } => 2 * Pairs(x, tangent.Causal) * (3.0 * x[1].Shape[^1] + 2.0 * x[2].Shape[^1]),
            { Primitive: AttentionGradient gradient } => 2 * Pairs(x, gradient.Causal) * (3.0 * x[1].Shape[^1] + 2.0 * x[2].Shape[^1]),
            { Primitive: NeuronAttention } => 4 * Math.Pow(y[0].Shape[3] + y[1].Shape[3] + y[2].Shape[2], 2) * y[0].Shape[..3].Size,
            { Primitive: ChannelMix } => 2.0 * y[0].Shape.Size * x[0].Shape[1],
            { Primitive: ChannelOuter } => 2.0 * x[0].Shape.Size * x[1].Shape[1],
            { Primitive: ViewPrimitive } => 0,
            _ => Math.Max(x.Sum(static t => (double)t.Shape.Size), y.Sum(static t => (double)t.Shape.Size)),
        };
        if (step.Epilogue is { Group: { } after })
        {
            flops += FlopsOf(after);
            bytes -= step.Outputs[..^step.Epilogue.Outputs.Length].Select((o, i) => step.Dies.AsSpan().Contains(o) ? BytesOf(y[i]) : 0).Sum(); // never leaves the step
        }

        return new(flops, bytes);
    }

    public static Cost operator +(Cost a, Cost b) => new(a.Flops + b.Flops, a.Bytes + b.Bytes);

    /// <summary>For example <c>1.2 GFLOP, 3.4 MiB</c>.</summary>
    public override string ToString() =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Flops switch { >= 1e9 => $"{Flops / 1e9:0.0} GFLOP", >= 1e6 => $"{Flops / 1e6:0.0} MFLOP", _ => $"{Flops:0} FLOP" }}, {Devices.MemoryPool.Text((long)Bytes)}");

    // Of a query and a key that it looks at; a causal query looks at half of them.
    private static double Pairs(IReadOnlyList<TensorType> x, bool causal) => (double)x[0].Shape[..^1].Size * x[1].Shape[^2] * (causal ? 0.5 : 1);

    private static double FlopsOf(ElementwiseGroup group) => (double)group.Instructions.Count(static i => i.Operation is not Constant) * group.Shape.Size;

    private static double BytesOf(TensorType type) => (double)type.Shape.Size * type.DType.Bytes();
}
