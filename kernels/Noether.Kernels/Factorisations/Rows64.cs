namespace Noether.Kernels.Factorisations;

/// <summary>Up to 64 rows.</summary>
public readonly struct Rows64 : ISmallRows
{
    internal const int Rows = 64;

    /// <inheritdoc/>
    public static int Most => Rows;
}
