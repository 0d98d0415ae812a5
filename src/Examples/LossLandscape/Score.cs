using Noether.Nn;

namespace Noether.Examples.LossLandscape;

/// <summary>Loss and accuracy of networks of one kind, each with its own running statistics; compiled once for all.</summary>
internal sealed class Score
{
    private readonly Func<Tensor[], Tensor[]> evaluate;

    public Score(Module module)
    {
        var (parameters, state) = (module.Init(RandomKey.From(0)), module.InitState());
        evaluate = Transform.Compile((Tensor[] a) =>
        {
            var outputs = module.Apply(parameters.WithLeaves(a[..parameters.Count]), a[^2], Context.ForInference(state.WithLeaves(a[parameters.Count..^2])));
            return (Tensor[])[Loss.CrossEntropy(outputs, a[^1]), Loss.Accuracy(outputs, a[^1])];
        });
    }

    /// <summary>Means over a set.</summary>
    public (double Loss, double Accuracy) Of(Solution at, EvaluationSet set)
    {
        double loss = 0, accuracy = 0;
        foreach (var batch in set.Batches)
        {
            var of = evaluate([.. at.Parameters.Leaves, .. at.State.Leaves, batch.Input, batch.Target]);
            loss += of[0].Item() * batch.Size / set.Count;
            accuracy += of[1].Item() * batch.Size / set.Count;
        }

        return (loss, accuracy);
    }
}
