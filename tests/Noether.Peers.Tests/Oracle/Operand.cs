using TorchTensor = TorchSharp.torch.Tensor;

namespace Noether.Peers.Tests.Oracle;

/// <summary>Numbers in memory, and the view of them that an operation sees: plain, transposed, a slice, every second element, stretched.</summary>
/// <param name="Values">What lies in memory.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Layout">Which view, for messages.</param>
/// <param name="Ours">The engine's view.</param>
/// <param name="Theirs">The peer's view.</param>
internal sealed record Operand(double[] Values, int[] Shape, string Layout, Func<Tensor, Tensor> Ours, Func<TorchTensor, TorchTensor> Theirs)
{
    public override string ToString() => $"[{string.Join(", ", Shape)}] {Layout}";
}
