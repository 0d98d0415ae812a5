namespace Noether.Bench.Cases;

/// <summary>The engine's side of a case.</summary>
internal sealed class EngineSubject : Subject
{
    private readonly Func<Tensor[]> repetition;
    private Tensor[] results = [];

    public EngineSubject(Case what)
    {
        var operands = what.Draw().Zip(what.Operands, (values, operand) => values is long[] labels
            ? Tensor.From(labels, [.. operand.Shape])
            : Tensor.From((float[])values, [.. operand.Shape]).To(what.Type)).ToArray();
        Tensor.Evaluate(operands);
        repetition = what.Ours(operands);
    }

    public override void Run()
    {
        // As the peer's results do, and a loop's variables declared by using, they die with the next repetition.
        foreach (var result in results) result.Dispose();
        results = repetition();
        Tensor.Evaluate(results);
    }

    public override double[] Values() => [.. results.SelectMany(static x => x.ToArray<double>())];

    public override void Dispose() => results = [];
}
