namespace Noether;

/// <summary>A C# number beside a tensor: it takes the tensor's type and never widens it (<c>x * 2</c>, <c>1 - x</c>).</summary>
/// <remarks>Only the kind counts: a floating number beside an integer or bool tensor makes float32, an integer beside bool int32.</remarks>
public readonly record struct Scalar
{
    private enum Kind
    {
        Bool,
        Integer,
        Floating,
    }

    private readonly Kind kind;
    private readonly long integer;
    private readonly long floating; // as bits: zeros of either sign are different numbers, and a NaN equals itself

    private Scalar(Kind kind, long integer, double floating)
    {
        this.kind = kind;
        this.integer = integer;
        this.floating = BitConverter.DoubleToInt64Bits(floating);
    }

    /// <summary>The value as a float64.</summary>
    public double ToDouble() => BitConverter.Int64BitsToDouble(floating);

    /// <summary>The value as an int64, cut towards zero.</summary>
    public long ToInt64() => kind == Kind.Floating ? (long)ToDouble() : integer;

    /// <summary>The type in which this number meets a tensor of type <paramref name="type"/>.</summary>
    public DType Meet(DType type) => kind switch
    {
        Kind.Floating => type.ToFloating(),
        Kind.Integer => type == DType.Bool ? DType.Int32 : type,
        _ => type,
    };

    /// <summary>Throws if an integer does not fit the type in which it meets a tensor: it would wrap around.</summary>
    internal void CheckFits(DType type, string operation)
    {
        if (kind == Kind.Integer && type == DType.Int32 && integer != (int)integer)
            throw new DTypeException($"{operation}: the number {integer} does not fit int32; convert the tensor to int64");
    }

    /// <summary>The type this number has where no tensor decides: float32, int32 (int64 where it must) or bool.</summary>
    public DType Type => kind switch
    {
        Kind.Floating => DType.Float32,
        Kind.Integer => integer == (int)integer ? DType.Int32 : DType.Int64,
        _ => DType.Bool,
    };

    /// <summary>A floating number.</summary>
    public static implicit operator Scalar(double value) => new(Kind.Floating, 0, value);

    /// <summary>A floating number.</summary>
    public static implicit operator Scalar(float value) => new(Kind.Floating, 0, value);

    /// <summary>An integer.</summary>
    public static implicit operator Scalar(int value) => new(Kind.Integer, value, value);

    /// <summary>An integer.</summary>
    public static implicit operator Scalar(long value) => new(Kind.Integer, value, value);

    /// <summary>A truth value.</summary>
    public static implicit operator Scalar(bool value) => new(Kind.Bool, value ? 1 : 0, value ? 1 : 0);

    /// <inheritdoc/>
    public override string ToString() => kind switch
    {
        Kind.Floating => ToDouble().ToString("R"),
        Kind.Integer => integer.ToString(),
        _ => integer != 0 ? "true" : "false",
    };
}
