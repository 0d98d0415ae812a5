using Noether.Bench.Cases;
using TorchSharp.Modules;
using static TorchSharp.torch;
using TorchTensor = TorchSharp.torch.Tensor;

namespace Noether.Bench.Peers;

/// <summary>The peer's steps of descent with momentum, plain and sharpness-aware.</summary>
internal static class TorchSharpnessAware
{
    private const double Tiny = 1e-12;

    /// <summary>A step.</summary>
    /// <param name="weights">Where it begins.</param>
    /// <param name="lossOf">Of weights.</param>
    /// <param name="ascends">Whether the gradient is that of the worst weights nearby: as published, weights are moved in place and back.</param>
    public static Func<TorchTensor[]> Step(TorchTensor[] weights, Func<TorchTensor[], TorchTensor> lossOf, bool ascends)
    {
        Parameter[] w = [.. weights.Select(static t => new Parameter(t.clone()))];
        var descent = optim.SGD(w, SharpnessAwareCases.LearningRate, SharpnessAwareCases.Momentum);
        return () =>
        {
            using var scope = NewDisposeScope();
            descent.zero_grad();
            var loss = lossOf(w);
            loss.backward();
            if (ascends) Ascend(w, () => lossOf(w), descent);
            descent.step();
            return [loss.detach().MoveToOuterDisposeScope()];
        };
    }

    private static void Ascend(Parameter[] w, Func<TorchTensor> loss, optim.Optimizer descent)
    {
        TorchTensor[] ascent;
        using (no_grad())
        {
            var scale = SharpnessAwareCases.Radius / (stack([.. w.Select(static p => p.grad!.norm())]).norm() + Tiny);
            ascent = [.. w.Select(p => p.grad! * scale)];
            for (var i = 0; i < w.Length; i++) w[i].add_(ascent[i]);
        }

        descent.zero_grad();
        loss().backward();
        using var back = no_grad();
        for (var i = 0; i < w.Length; i++) w[i].sub_(ascent[i]);
    }
}
