namespace Noether.Devices;

/// <summary>What a fold over axes computes.</summary>
internal enum Reduction
{
    Sum,
    SumOfSquares,
    Product,
    Min,
    Max,
    ArgMin,
    ArgMax,
    Any,
    All,
}
