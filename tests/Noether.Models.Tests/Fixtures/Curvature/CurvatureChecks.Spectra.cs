using Noether.Models.Curvature;
using Noether.Nn;

namespace Noether.Models.Tests.Fixtures.Curvature;

/// <content>Lanczos, spectral densities and traces of given matrices.</content>
internal static partial class CurvatureChecks
{
    private static Dictionary<string, Action<CurvatureFixture>> Spectra => new()
    {
        ["lanczos"] = CheckLanczos,
        ["slq"] = CheckDensities,
        ["hutchinson"] = CheckTraces,
    };

    private static void CheckLanczos(CurvatureFixture file)
    {
        var matrix = file["hessian"];
        var steps = file["alpha"].Shape[0];
        var projection = Lanczos.Project(v => matrix.MatMul(v), file["in__v0"], steps);
        var (nodes, weights, residuals) = projection.Quadrature();
        file.Check(projection.Diagonal, "alpha", 1e-10);
        file.Check([.. projection.Beside.Take(steps - 1)], "beta", 1e-10);
        file.Check(projection.Beside[^1], "beta_last", 1e-8);
        file.Check(projection.Basis, "Q", 1e-8);
        file.Check(nodes, "ritz_values", 1e-10);
        file.Check(weights, "ritz_weights", 1e-10);
        file.Check(residuals, "ritz_residuals", 1e-8);

        var diagonal = file["diag_spectrum"];
        var many = Lanczos.Project(v => diagonal * v, file["in__diag_v0"], file["diag_alpha"].Shape[0]);
        var (ritz, shares, _) = many.Quadrature();
        file.Check(many.Diagonal, "diag_alpha", 1e-8);
        file.Check([.. many.Beside.SkipLast(1)], "diag_beta", 1e-8);
        file.Check(ritz, "diag_ritz_values", 1e-8);
        file.Check(shares, "diag_ritz_weights", 1e-8);

        var closed = Lanczos.Project(v => diagonal * v, file["in__breakdown_v0"], steps);
        Assert.That(closed.IsClosed, "the invariant subspace is noticed");
        file.Check(closed.Diagonal, "breakdown_alpha", 1e-10);
        file.Check(closed.Beside, "breakdown_beta", 1e-10);

        var powers = Eigen.PowerIterates(new MatrixOperator(matrix), Parameters.Of(("x", file["in__v0"])));
        file.Check([.. powers.Take(file["power_rayleigh"].Shape[0]).Select(static at => at.Value)], "power_rayleigh", 1e-11);
    }

    private static void CheckDensities(CurvatureFixture file)
    {
        var (operation, probes) = (new MatrixOperator(file["hessian"]), file["in__probes"]);
        var steps = file["nodes"].Shape[1];
        Parameters[] starts = [.. Enumerable.Range(0, probes.Shape[0]).Select(i => Parameters.Of(("x", probes.Narrow(0, i, 1).Squeeze(0))))];
        file.Check([.. starts.SelectMany(z => Lanczos.Project(operation.Apply, z["x"], steps).Matrix())], "tridiagonals", 1e-10);

        var quadrature = SpectralQuadrature.Of(operation, starts, steps);
        file.Check([.. quadrature.Nodes.SelectMany(static n => n)], "nodes", 1e-10);
        file.Check([.. quadrature.Weights.SelectMany(static w => w)], "weights", 1e-9);
        file.Check(quadrature.Trace(static t => t), "f__trace_estimate", 1e-10);
        Assert.That(quadrature.Trace(static _ => 1), Is.EqualTo(operation.Space.Size).Within(1e-9), "the trace of the identity");
        foreach (var name in file.Names.Where(static name => name.StartsWith("s1e", StringComparison.Ordinal) && name.EndsWith("__density", StringComparison.Ordinal)))
        {
            var tag = name[..^"__density".Length];
            var share = double.Parse(tag[1..], System.Globalization.CultureInfo.InvariantCulture);
            var density = quadrature.Density(KernelWidth.Reference(share), file[name].Shape[0]);
            file.Check(density.Grid, $"{tag}__grid", 1e-9);
            file.Check(density.Values, name, 1e-9);
        }

        var (grid, sigma) = (file.Numbers("f__grid"), file.Number("f__sigma"));
        file.Check(quadrature.Density(grid, sigma).Values, "f__density", 1e-9);
        var exact = LinearAlgebra.SymmetricEigenvalues(file["hessian"]);
        file.Check(exact, "exact_eigs", 1e-10);
        file.Check(SpectralQuadrature.Of(exact.ToArray<double>()).Density(grid, sigma).Values, "f__exact_density", 1e-9);
    }

    private static void CheckTraces(CurvatureFixture file)
    {
        var operation = new MatrixOperator(file["hessian"]);
        var signs = Hutchinson.Estimate(operation, Parameters.Of(("x", file["in__probes"])));
        var forms = signs.QuadraticForms;
        file.Check(forms, "quadratic_forms", 1e-11);
        file.Check([.. forms.Select((_, i) => forms.Take(i + 1).Average())], "running_mean", 1e-11);
        file.Check(signs.Trace, "trace_estimate", 1e-11);
        file.Check(signs.StandardError, "standard_error", 1e-11);
        file.Check(signs.Diagonal["x"], "diag_estimate", 1e-11);
        file.Check(signs.FrobeniusSquared, "frobenius_sq_estimate", 1e-11);
        file.Check(signs.Leaf("x").Trace, "trace_estimate", 1e-11);

        var normal = Hutchinson.Estimate(operation, Parameters.Of(("x", file["in__gaussian_probes"])));
        file.Check(normal.Trace, "gaussian_trace_estimate", 1e-11);
        file.Check(normal.Diagonal["x"], "gaussian_diag_estimate", 1e-11);

        file.Check(operation.ToMatrix().Trace(), "trace_exact", 1e-11);
        file.Check(operation.ToMatrix().Diagonal(), "diag_exact", 1e-11);
        file.Check(operation.ToMatrix().Square().Sum(), "frobenius_sq_exact", 1e-11);
        var plus = Hutchinson.TracePlusPlus(operation, Parameters.Of(("x", file["hutchpp_S"].Transpose())), Parameters.Of(("x", file["hutchpp_G"].Transpose())));
        file.Check(plus, "hutchpp_estimate", 1e-10);
    }
}
