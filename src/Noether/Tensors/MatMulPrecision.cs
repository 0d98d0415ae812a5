namespace Noether;

/// <summary>How exactly a float32 matrix product reads its operands; sums are float32 in every case.</summary>
public enum MatMulPrecision
{
    /// <summary>As they are, 24 significant bits: the default.</summary>
    Highest,

    /// <summary>Rounded to 11 significant bits, as tensor cores read TF32; a relative error of 2⁻¹² an operand.</summary>
    Tf32,

    /// <summary>Rounded to bfloat16, 8 significant bits; a relative error of 2⁻⁹ an operand.</summary>
    BFloat16,
}
