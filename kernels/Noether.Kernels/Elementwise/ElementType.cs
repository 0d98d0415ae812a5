namespace Noether.Kernels.Elementwise;

/// <summary>The type of elements in memory, and of a program's registers.</summary>
public enum ElementType
{
    /// <summary>0 or 1, a byte.</summary>
    Bool,

    /// <summary>Signed 32-bit integers.</summary>
    Int32,

    /// <summary>Signed 64-bit integers.</summary>
    Int64,

    /// <summary>The upper half of a float32; a register of this type is a float32 that is rounded after each instruction.</summary>
    BFloat16,

    /// <summary>IEEE 754 binary32.</summary>
    Float32,

    /// <summary>IEEE 754 binary64.</summary>
    Float64,
}
