using Noether.Primitives;

namespace Noether.Graphs;

/// <summary>Which steps a device gains by running at once.</summary>
internal interface IWaveRule
{
    /// <summary>Among how many of the next steps a wave is looked for.</summary>
    int Window { get; }

    /// <summary>What a step costs, in the rule's own unit; infinite for one that runs alone.</summary>
    double CostOf(Step step, IReadOnlyList<TensorType> values);

    /// <summary>True if a step may run in a wave with the first one of it; both have finite costs.</summary>
    bool GoTogether(Step first, Step other);

    /// <summary>True if a wave of two steps or more is worth it.</summary>
    /// <param name="sum">Of the steps' costs.</param>
    /// <param name="longest">The largest of them.</param>
    bool Pays(double sum, double longest);
}
