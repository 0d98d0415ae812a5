namespace Noether.Models.LossLandscapes;

/// <summary>The ends of the Hessian's spectrum on a grid; rows are y, columns x. NaN where the Hessian is not finite.</summary>
/// <param name="Xs">Steps along the first direction.</param>
/// <param name="Ys">Steps along the second; 0 alone for a line.</param>
/// <param name="Smallest">λ_min, [ys, xs]; negative where the loss is not convex.</param>
/// <param name="Largest">λ_max, [ys, xs].</param>
/// <param name="Residual">The larger <c>‖H·v - λ·v‖</c> of both pairs, [ys, xs]: an eigenvalue lies as near to each.</param>
/// <param name="Products">Products with the Hessian that were spent, [ys, xs].</param>
/// <param name="Converged">Whether the residual reached the tolerance before the products ran out, [ys, xs].</param>
public sealed record EigenvalueGrid(
    IReadOnlyList<double> Xs, IReadOnlyList<double> Ys, double[,] Smallest, double[,] Largest, double[,] Residual, int[,] Products, bool[,] Converged)
{
    /// <summary>|λ_min/λ_max|, [ys, xs]: near 0 the loss is convex but for a little; published maps show it from 0 to 0.5.</summary>
    public double[,] Ratio()
    {
        var ratio = new double[Ys.Count, Xs.Count];
        for (var row = 0; row < Ys.Count; row++)
        {
            for (var column = 0; column < Xs.Count; column++) ratio[row, column] = Math.Abs(Smallest[row, column] / Largest[row, column]);
        }

        return ratio;
    }

    internal static EigenvalueGrid Over(IReadOnlyList<double> xs, IReadOnlyList<double> ys) => new(
        [.. xs], [.. ys], new double[ys.Count, xs.Count], new double[ys.Count, xs.Count], new double[ys.Count, xs.Count], new int[ys.Count, xs.Count], new bool[ys.Count, xs.Count]);
}
