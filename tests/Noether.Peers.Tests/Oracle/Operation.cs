using TorchTensor = TorchSharp.torch.Tensor;

namespace Noether.Peers.Tests.Oracle;

/// <summary>An operation that both sides have. The short forms below make the table one line an operation.</summary>
/// <param name="Name">As users know it.</param>
/// <param name="Draw">Operands and parameters of a trial.</param>
internal sealed record Operation(string Name, Func<Draw, Trial> Draw)
{
    /// <summary>False for integer and truth results.</summary>
    public bool Differentiable { get; init; } = true;

    /// <summary>How much wider than usual the tolerance is: for ill-conditioned functions.</summary>
    public double Slack { get; init; } = 1;

    /// <summary>True if the peer's float64 has a float32 constant in it, and so float32's precision.</summary>
    public bool Coarse { get; init; }

    /// <summary>A function of any shape.</summary>
    public static Operation Map(string name, Domain domain, Func<Tensor, Tensor> ours, Func<TorchTensor, TorchTensor> theirs, bool smooth = true, double slack = 1) =>
        new(name, d => new([d.Operand(d.Sizes(0, 4, least: 0), domain)], x => ours(x[0]), x => theirs(x[0]))) { Differentiable = smooth, Slack = slack };

    /// <summary>A function of two shapes that broadcast.</summary>
    public static Operation Join(
        string name, Domain first, Domain second, Func<Tensor, Tensor, Tensor> ours, Func<TorchTensor, TorchTensor, TorchTensor> theirs, bool smooth = true, double slack = 1) =>
        new(name, d =>
        {
            var (a, b) = d.Broadcasting(0, 4);
            return new([d.Operand(a, first), d.Operand(b, second)], x => ours(x[0], x[1]), x => theirs(x[0], x[1]));
        })
        { Differentiable = smooth, Slack = slack };

    /// <summary>A function of a tensor and one of its axes; elements differ, so that the largest and the order are unique.</summary>
    public static Operation Along(
        string name, Func<Tensor, int, Tensor> ours, Func<TorchTensor, int, TorchTensor> theirs, Domain domain = Domain.Real, bool smooth = true, int least = 1, double slack = 1) =>
        new(name, d =>
        {
            var shape = d.Sizes(1, 4, least);
            var axis = d.Axis(shape.Length);
            return new([d.Operand(shape, domain, distinct: true)], x => ours(x[0], axis), x => theirs(x[0], axis));
        })
        { Differentiable = smooth, Slack = slack };

    /// <summary>A function of operands of drawn shapes.</summary>
    public static Operation Of(
        string name, Func<Draw, int[][]> shapes, Func<Tensor[], Tensor> ours, Func<TorchTensor[], TorchTensor> theirs,
        Domain domain = Domain.Real, bool smooth = true, bool distinct = false, double slack = 1) =>
        new(name, d => new([.. shapes(d).Select(shape => d.Operand(shape, domain, distinct))], ours, theirs)) { Differentiable = smooth, Slack = slack };

    public override string ToString() => Name;
}
