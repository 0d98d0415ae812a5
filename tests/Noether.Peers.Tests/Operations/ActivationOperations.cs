using Noether.Peers.Tests.Oracle;
using static Noether.Peers.Tests.Oracle.Domain;
using static Noether.Peers.Tests.Oracle.Operation;
using static TorchSharp.torch.nn.functional;

namespace Noether.Peers.Tests.Operations;

internal static class ActivationOperations
{
    public static IEnumerable<Operation> All { get; } =
    [
        Map("relu", NonZero, static x => x.Relu(), static x => relu(x)),
        Map("leaky relu", NonZero, static x => x.LeakyRelu(0.1), static x => leaky_relu(x, 0.1)),
        Map("elu", NonZero, static x => x.Elu(1.3), static x => elu(x, 1.3)),
        Map("selu", NonZero, static x => x.Selu(), static x => selu(x)),
        Map("sigmoid", Real, static x => x.Sigmoid(), static x => x.sigmoid()),
        Map("log-sigmoid", Real, static x => x.LogSigmoid(), static x => logsigmoid(x)),
        Map("softplus", Real, static x => x.Softplus(), static x => softplus(x)),
        Map("silu", Real, static x => x.Silu(), static x => silu(x)),
        Map("gelu", Real, static x => x.Gelu(), static x => gelu(x)),
        Map("gelu by tanh", Real, static x => x.GeluTanh(), static x => gelu(x, TorchSharp.Modules.GELU.Approximate.tanh)),
        Map("mish", Real, static x => x.Mish(), static x => mish(x)),
        Map("softsign", NonZero, static x => x.Softsign(), static x => softsign(x)),
        Map("hard sigmoid", Real, static x => (2 * x).HardSigmoid(), static x => hardsigmoid(2 * x)) with { Coarse = true },
        Map("hard swish", Real, static x => (2 * x).HardSwish(), static x => hardswish(2 * x)),
        Along("softmax", static (x, a) => x.Softmax(a), static (x, a) => x.softmax(a)),
        Along("log-softmax", static (x, a) => x.LogSoftmax(a), static (x, a) => x.log_softmax(a)),
    ];
}
