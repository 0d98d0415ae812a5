using Noether.Bench.Cases;
using TorchSharp.Modules;
using static TorchSharp.torch.nn.functional;
using TorchTensor = TorchSharp.torch.Tensor;

namespace Noether.Bench.Peers;

/// <summary>The peer's elementary functions.</summary>
internal static class TorchFunctions
{
    /// <summary>A function of one operand; null if the operation is none.</summary>
    public static Func<TorchTensor>? Map(Case what, TorchTensor[] x) => what.Operation switch
    {
        "exp" => () => x[0].exp(),
        "tanh" => () => x[0].tanh(),
        "sigmoid" => () => x[0].sigmoid(),
        "sin" => () => x[0].sin(),
        "erf" => () => x[0].erf(),
        "erfinv" => () => x[0].erfinv(),
        "gelu" => () => gelu(x[0]),
        "gelu-tanh" => () => gelu(x[0], GELU.Approximate.tanh),
        _ => null,
    };

    /// <summary>Value and gradient; null if the operation is none.</summary>
    public static Func<TorchTensor[]>? Gradient(Case what, TorchTensor[] x) => what.Operation switch
    {
        "gelu-gradient" => TorchRows.Pullback(x, static x => gelu(x[0])),
        "gelu-tanh-gradient" => TorchRows.Pullback(x, static x => gelu(x[0], GELU.Approximate.tanh)),
        _ => null,
    };
}
