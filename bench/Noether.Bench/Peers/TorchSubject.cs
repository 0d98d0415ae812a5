using Noether.Bench.Cases;
using static TorchSharp.torch;
using TorchTensor = TorchSharp.torch.Tensor;

namespace Noether.Bench.Peers;

/// <summary>The peer's side of a case.</summary>
internal sealed class TorchSubject : Subject
{
    private readonly TorchTensor[] operands;
    private readonly Func<TorchTensor[]> repetition;
    private readonly bool differentiates;
    private TorchTensor[] results = [];

    public TorchSubject(Case what)
    {
        operands = [.. what.Draw().Zip(what.Operands, (values, operand) =>
        {
            long[] shape = Array.ConvertAll(operand.Shape, static n => (long)n);
            return values is long[] labels
                ? tensor(labels, shape)
                : tensor((float[])values, shape).to_type(what.Type switch { DType.Float64 => ScalarType.Float64, DType.BFloat16 => ScalarType.BFloat16, _ => ScalarType.Float32 });
        })];
        (differentiates, repetition) = TorchOperations.Prepare(what, operands);
    }

    public override void Run()
    {
        // Without derivatives as users run it: no tape. Results die with the next repetition, as a loop's variables do.
        using var mode = differentiates ? null : inference_mode();
        foreach (var result in results) result.Dispose();
        results = repetition();
    }

    public override double[] Values() =>
        [.. results.SelectMany(static x => x.detach().to_type(ScalarType.Float64).contiguous().data<double>().ToArray())];

    public override void Dispose()
    {
        foreach (var result in results) result.Dispose();
        foreach (var operand in operands) operand.Dispose();
        results = [];
    }
}
