using Noether.Nn;

namespace Noether.Models.Curvature;

/// <summary>What random probes z say of an operator A: means over products A·z.</summary>
/// <param name="QuadraticForms"><c>zᵀ·A·z</c> of each probe: unbiased for the trace.</param>
/// <param name="LeafForms">Their parts by tensor, which estimate the traces of the tensors' blocks.</param>
/// <param name="Diagonal">Bekas, Kokiopoulou, Saad (2007): <c>(Σ z∘Az) ⊘ (Σ z∘z)</c>.</param>
/// <param name="SquaredNorms"><c>‖A·z‖²</c> of each probe: unbiased for ‖A‖²_F.</param>
public sealed record TraceEstimate(
    IReadOnlyList<double> QuadraticForms, IReadOnlyDictionary<string, IReadOnlyList<double>> LeafForms, Parameters Diagonal, IReadOnlyList<double> SquaredNorms)
{
    /// <summary>The estimate of the trace.</summary>
    public double Trace => QuadraticForms.Average();

    /// <summary>Its standard error; NaN for one probe.</summary>
    public double StandardError => ErrorOf(QuadraticForms);

    /// <summary>The estimate of ‖A‖²_F.</summary>
    public double FrobeniusSquared => SquaredNorms.Average();

    /// <summary>The estimate of a tensor's block's trace, and its standard error.</summary>
    public (double Trace, double StandardError) Leaf(string name) => (LeafForms[name].Average(), ErrorOf(LeafForms[name]));

    private static double ErrorOf(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1) / values.Count);
    }
}
