namespace Noether.Kernels.Elementwise;

/// <summary>What an instruction does.</summary>
internal enum LaneOperation
{
    Load,
    Constant,
    Iota,
    Call,
    Ask,
    Select,
    Cast,
}
