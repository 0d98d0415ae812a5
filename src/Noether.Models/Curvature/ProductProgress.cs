namespace Noether.Models.Curvature;

/// <summary>How far an operator has come.</summary>
/// <param name="Products">Products (or blocks of them) completed.</param>
/// <param name="Samples">Samples seen in the present one.</param>
public readonly record struct ProductProgress(int Products, long Samples);
