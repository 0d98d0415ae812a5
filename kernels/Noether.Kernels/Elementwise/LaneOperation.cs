namespace Noether.Kernels.Elementwise;

/// <summary>What an instruction does.</summary>
internal enum LaneOperation
{
    Load,
    Constant,
    Number,
    Iota,
    Call,
    Ask,
    Select,
    Cast,
}
