using Noether.Nn;

namespace Noether.Models.Curvature;

/// <summary>Derivatives of all outputs in all parameters, for small networks: the Jacobian J, the tangent kernel J·Jᵀ and its terms.</summary>
public static class TangentKernel
{
    /// <summary>J: for each parameter [samples·outputs, its shape], the outputs of a sample together.</summary>
    /// <param name="network">Outputs [samples, outputs] from parameters and samples.</param>
    /// <param name="parameters">Where.</param>
    /// <param name="x">Samples.</param>
    public static Parameters Jacobian(Func<Parameters, Tensor, Tensor> network, Parameters parameters, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(network);
        var (outputs, pullback) = Transform.Vjp<Parameters, Tensor>(p => network(p, x), parameters);
        var size = checked((int)outputs.Size);
        var unit = Tensor.Eye(size, outputs.DType, outputs.Device);
        return Transform.Vmap<Tensor, Parameters>(row => pullback(row.Reshape(outputs.Shape)))(unit);
    }

    /// <summary>
    /// J·Jᵀ as a sum over parameters, a term [samples·outputs, samples·outputs] each: for a composition of layers the terms show that all layers'
    /// input Jacobians enter but the first one's.
    /// </summary>
    /// <param name="jacobian">From <see cref="Jacobian"/>.</param>
    /// <remarks>MacDonald, Valmadre, Lucey (2023), section 4.</remarks>
    public static Parameters Terms(Parameters jacobian)
    {
        ArgumentNullException.ThrowIfNull(jacobian);
        return jacobian.Map(static x =>
        {
            var rows = x.Reshape([x.Shape[0], checked((int)x.Shape[1..].Size)]);
            return rows.MatMul(rows.Transpose());
        });
    }

    /// <summary>
    /// <c>Cᵀ·J·Jᵀ·C</c> with <c>C·Cᵀ = A/N</c>, C symmetric, A the loss's second derivatives in the outputs: the non-zero eigenvalues are those of the Gauss-Newton
    /// matrix.
    /// </summary>
    /// <param name="risk">Of small data: all batches are one matrix.</param>
    /// <param name="parameters">Where.</param>
    public static Tensor GaussNewtonConjugate(EmpiricalRisk risk, Parameters parameters)
    {
        ArgumentNullException.ThrowIfNull(risk);
        var batches = risk.Data.ToArray();
        var samples = batches.Sum(static batch => batch.Size);
        var parts = Array.ConvertAll(batches, batch =>
        {
            var jacobian = Jacobian((p, _) => risk.Network(p, batch), parameters, batch.Input);
            var root = Root(risk.Loss.OutputHessian(risk.Network(parameters, batch), batch.Target) / (double)samples);
            var flat = Tensor.Concatenate(1, [.. jacobian.Leaves.Select(static x => x.Reshape([x.Shape[0], checked((int)x.Shape[1..].Size)]))]);
            var (count, outputs, size) = (batch.Size, root.Shape[1], flat.Shape[1]);
            return root.MatMul(flat.Reshape([count, outputs, size])).Reshape([count * outputs, size]);
        });
        var rows = Tensor.Concatenate(0, parts);
        return rows.MatMul(rows.Transpose());
    }

    // The symmetric root of positive semidefinite matrices [batch, n, n].
    private static Tensor Root(Tensor a)
    {
        var (values, vectors) = LinearAlgebra.SymmetricEigen(a);
        // The root of rounding is not small: 1e-17 would count as 3e-9.
        var least = values.Max(1, keepAxis: true) * (values.DType == DType.Float64 ? 1e-14 : 1e-6);
        var roots = Tensor.Select(values > least, values, 0).Sqrt();
        return (vectors * roots.Unsqueeze(1)).MatMul(vectors.SwapAxes(1, 2));
    }
}
