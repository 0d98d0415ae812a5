namespace Noether;

/// <summary>The type of a tensor's elements.</summary>
public enum DType
{
    /// <summary>True or false, one byte each, 0 or 1.</summary>
    Bool,

    /// <summary>Signed 32-bit integers.</summary>
    Int32,

    /// <summary>Signed 64-bit integers.</summary>
    Int64,

    /// <summary>The upper half of a float32: 8 exponent and 7 fraction bits. A storage format; arithmetic is done in float32.</summary>
    BFloat16,

    /// <summary>IEEE 754 binary32, the default.</summary>
    Float32,

    /// <summary>IEEE 754 binary64.</summary>
    Float64,
}

/// <summary>Facts about element types and how two of them combine.</summary>
public static class DTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Bytes(this DType type) => type switch
    {
        DType.Bool => 1,
        DType.BFloat16 => 2,
        DType.Int32 or DType.Float32 => 4,
        _ => 8,
    };

    /// <summary>True for bfloat16, float32 and float64: the types that can be differentiated.</summary>
    public static bool IsFloating(this DType type) => type >= DType.BFloat16;

    /// <summary>True for int32 and int64.</summary>
    public static bool IsInteger(this DType type) => type is DType.Int32 or DType.Int64;

    /// <summary>The lower-case name, as printed and as in safetensors' and NumPy's documentation: <c>float32</c>.</summary>
    public static string Name(this DType type) => type switch
    {
        DType.Bool => "bool",
        DType.Int32 => "int32",
        DType.Int64 => "int64",
        DType.BFloat16 => "bfloat16",
        DType.Float32 => "float32",
        _ => "float64",
    };

    /// <summary>
    /// The type in which operands of two types meet: bool → int32 → int64 → bfloat16 → float32 → float64, as in JAX's lattice
    /// (an integer tensor never widens a floating one).
    /// </summary>
    public static DType Promote(DType x, DType y) => x > y ? x : y;

    /// <summary>The type of an operation that divides or has a transcendental: itself if floating, else float32.</summary>
    public static DType ToFloating(this DType type) => type.IsFloating() ? type : DType.Float32;

    /// <summary>The element type that stores a C# type.</summary>
    /// <exception cref="DTypeException"><typeparamref name="T"/> is none of bool, int, long, BFloat16, float, double.</exception>
    public static DType Of<T>()
        where T : unmanaged
    {
        if (typeof(T) == typeof(float)) return DType.Float32;
        if (typeof(T) == typeof(double)) return DType.Float64;
        if (typeof(T) == typeof(int)) return DType.Int32;
        if (typeof(T) == typeof(long)) return DType.Int64;
        if (typeof(T) == typeof(bool)) return DType.Bool;
        if (typeof(T) == typeof(BFloat16)) return DType.BFloat16;
        throw new DTypeException($"{typeof(T).Name} is not an element type: use bool, int, long, BFloat16, float or double");
    }
}
