namespace Noether.Devices;

/// <summary>What a fold over axes computes.</summary>
internal enum Reduction
{
    Sum,
    Product,
    Min,
    Max,
    ArgMin,
    ArgMax,
    Any,
    All,
}
