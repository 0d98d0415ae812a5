using Noether.Models.Curvature;
using Noether.Nn;

namespace Noether.Models.Sharpening;

/// <summary>
/// The chain rule's factors of sharpness. With F all outputs of the sample and γ the mean cost, the outliers of the Hessian are those of <c>DFᵀ·D²γ·DF</c>, and
/// <c>DF·DFᵀ</c> is a sum over layers of <c>(Jf_L⋯Jf_{l+1})·D_θf_l·(D_θf_l)ᵀ·(Jf_L⋯Jf_{l+1})ᵀ</c>: the Jacobians of all layers but the first are in it.
/// </summary>
/// <param name="GaussNewton">λ_max of <c>DFᵀ·D²γ·DF</c>.</param>
/// <param name="Cost">λ_max of D²γ: the largest curvature of the cost at a sample, divided by the number of samples.</param>
/// <param name="Kernel">λ_max of <c>DF·DFᵀ</c>.</param>
/// <param name="Layers">The layers with parameters, in order.</param>
/// <remarks><c>GaussNewton ≤ Cost·Kernel ≤ Bound</c>. Source: MacDonald, Valmadre, Lucey (2023), section 4.</remarks>
public sealed record SharpnessFactors(double GaussNewton, double Cost, double Kernel, IReadOnlyList<LayerFactor> Layers)
{
    private const double Tolerance = 1e-4;

    private const int MaxProducts = 60;

    /// <summary><c>Cost·Σ ‖Jf_L⋯Jf_{l+1}‖²·‖D_θf_l‖²</c>.</summary>
    public double Bound => Cost * Layers.Sum(static layer => layer.Bound);

    /// <summary>The factors at some weights.</summary>
    /// <param name="network">Layers one after the other, each sample for itself.</param>
    /// <param name="loss">ℓ.</param>
    /// <param name="data">The sample: inputs and targets.</param>
    /// <param name="parameters">θ.</param>
    public static SharpnessFactors Of(Sequential network, OutputLoss loss, Batch data, Parameters parameters)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(parameters);
        var samples = data.Size;
        var outputs = network.Apply(parameters, data.Input);
        var cost = LinearAlgebra.SymmetricEigenvalues(loss.OutputHessian(outputs, data.Target).To(DType.Float64)).Max().Item() / samples;

        var layers = new List<LayerFactor>();
        var x = data.Input;
        for (var i = 0; i < network.Children.Count; i++)
        {
            var (name, layer) = network.Children[i];
            var own = parameters.Under(name);
            var made = layer.Apply(own, x).Evaluate();
            if (own.Count > 0) layers.Add(new(name, InputJacobian.Norms(After(network, i, parameters, made.Shape), Flat(made)).Max, Squared((p, z) => Flat(layer.Apply(p, z)), x, own)));
            x = made;
        }

        var gaussNewton = new GaussNewtonOperator(new EmpiricalRisk((p, batch) => network.Apply(p, batch.Input), loss, [data]), parameters);
        return new(Top(gaussNewton), cost, Squared(network.Apply, data.Input, parameters), layers);
    }

    // The part of the network behind a layer, of rows [samples, features].
    private static Func<Tensor, Tensor> After(Sequential network, int layer, Parameters parameters, Shape shape) => rows =>
    {
        var x = rows.Reshape([rows.Shape[0], .. shape[1..]]);
        foreach (var (name, module) in network.Children.Skip(layer + 1)) x = module.Apply(parameters.Under(name), x);
        return x;
    };

    // λ_max of D·Dᵀ, D the derivative in the parameters of all outputs: a Gauss-Newton matrix whose cost is half the squared error, not divided by the samples.
    private static double Squared(Func<Parameters, Tensor, Tensor> network, Tensor x, Parameters parameters)
    {
        var (samples, width) = (x.Shape[0], network(parameters, x).Shape[1]);
        Batch data = new(x, Tensor.Zeros([samples, width], x.DType, x.Device));
        return samples * Top(new GaussNewtonOperator(new((p, batch) => network(p, batch.Input), OutputLoss.HalfSquared, [data]), parameters));
    }

    private static double Top(CurvatureOperator matrix) => Eigen.Extremal(matrix, tolerance: Tolerance, maxProducts: MaxProducts).Values[0];

    private static Tensor Flat(Tensor x) => x.Reshape([x.Shape[0], -1]);
}
