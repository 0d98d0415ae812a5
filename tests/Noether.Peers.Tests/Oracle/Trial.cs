using TorchTensor = TorchSharp.torch.Tensor;

namespace Noether.Peers.Tests.Oracle;

/// <summary>One call of an operation on drawn operands with drawn parameters, on both sides.</summary>
/// <param name="Operands">What both sides start from.</param>
/// <param name="Ours">The engine's call.</param>
/// <param name="Theirs">The peer's call.</param>
internal sealed record Trial(Operand[] Operands, Func<Tensor[], Tensor> Ours, Func<TorchTensor[], TorchTensor> Theirs);
