namespace Noether.Kernels.Factorisations;

/// <summary>Up to 32 rows.</summary>
public readonly struct Rows32 : ISmallRows
{
    /// <inheritdoc/>
    public static int Most => 32;
}
