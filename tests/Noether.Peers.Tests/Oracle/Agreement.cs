using static Noether.Transform;
using static TorchSharp.torch;
using TorchTensor = TorchSharp.torch.Tensor;

namespace Noether.Peers.Tests.Oracle;

/// <summary>Runs a trial on both sides, in one type, and says where they differ.</summary>
internal static class Agreement
{
    // Both sides round differently and sum in another order: elementary functions to 2 and to 4 ulp, sums of up to some hundred terms, and a
    // derivative made of several such steps. That is some hundred roundings of the largest value (2⁻²⁴ and 2⁻⁵³ each).
    private const double SingleTolerance = 2e-5, DoubleTolerance = 5e-14;

    /// <summary>Null, or the first disagreement of values or gradients.</summary>
    public static string? Difference(Operation operation, Trial trial, bool single, Random cotangents)
    {
        using var scope = NewDisposeScope();
        var tolerance = operation.Slack * (single || operation.Coarse ? SingleTolerance : DoubleTolerance);
        Tensor[] ours = [.. trial.Operands.Select(o => Tensor.From(o.Values, [.. o.Shape]).To(single ? DType.Float32 : DType.Float64))];
        TorchTensor[] theirs = [.. trial.Operands.Select(o => tensor(o.Values, Array.ConvertAll(o.Shape, static n => (long)n))
            .to_type(single ? ScalarType.Float32 : ScalarType.Float64).clone().requires_grad_(operation.Differentiable))];

        var y = Call(trial, ours);
        var expected = trial.Theirs([.. theirs.Select((x, i) => trial.Operands[i].Theirs(x))]);
        if (!y.Shape.AsSpan().SequenceEqual(Array.ConvertAll(expected.shape, static n => (int)n)))
            return $"shape {y.Shape}, the peer has [{string.Join(", ", expected.shape)}]";
        if (Compare("value", y.ToArray<double>(), Numbers(expected), tolerance) is { } wrong) return wrong;
        if (!operation.Differentiable) return null;

        var seed = new double[y.Size];
        for (var i = 0; i < seed.Length; i++) seed[i] = (float)(2 * cotangents.NextDouble() - 1);
        var cotangent = Tensor.From(seed, y.Shape).To(y.DType);
        var gradients = Grad((Tensor[] x) => (Call(trial, x) * cotangent).Sum())(ours);
        Tensor.Evaluate(gradients);
        // Cloned, because the peer's complex kernels crash on memory of .NET, which is aligned to 8 bytes only.
        if (expected.requires_grad) expected.backward([tensor(seed, expected.shape).to_type(expected.dtype).clone()]);
        for (var i = 0; i < gradients.Length; i++)
        {
            var reference = theirs[i].grad is { } gradient ? Numbers(gradient) : new double[gradients[i].Size];
            if (Compare($"gradient of operand {i}", gradients[i].ToArray<double>(), reference, tolerance) is { } off) return off;
        }

        return null;
    }

    private static Tensor Call(Trial trial, Tensor[] x) => trial.Ours([.. x.Select((each, i) => trial.Operands[i].Ours(each))]);

    private static double[] Numbers(TorchTensor x) =>
        x.numel() == 0 ? [] : x.detach().to_type(ScalarType.Float64).contiguous().data<double>().ToArray();

    private static string? Compare(string what, double[] ours, double[] theirs, double tolerance)
    {
        var scale = theirs.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max();
        for (var i = 0; i < ours.Length; i++)
        {
            if (ours[i].Equals(theirs[i]) || Math.Abs(ours[i] - theirs[i]) <= tolerance * Math.Max(1, scale)) continue;
            return $"{what}[{i}] is {ours[i]:R}, the peer's {theirs[i]:R} (largest {scale:G3}, tolerance {tolerance:G2})";
        }

        return null;
    }
}
