namespace Noether.Tests.Errors;

/// <summary>The operations that no operand can be wrong for, with the reason.</summary>
internal static class TotalOperations
{
    private const string Elementwise = "takes one operand of any shape and type";
    private const string Numbers = "takes a number beside one operand of any shape and type";
    private const string Created = "takes any shape, and a shape is checked when it is made";
    private const string Rearranged = "has no parameter that could be wrong";
    private const string Evaluated = "takes every tensor; a traced one is refused when its value is read";

    public static readonly IReadOnlyDictionary<string, string> Reasons = new Dictionary<string, string>(
    [
        .. All(Elementwise, "Tensor", "op_UnaryNegation Abs Sign Square Sqrt ReciprocalSqrt Reciprocal Cbrt Exp Exp2 Expm1 Log Log2 Log10 Log1p Sin Cos Tan"
            + " Asin Acos Atan Sinh Cosh Tanh Asinh Acosh Atanh Erf Erfc ErfInverse Floor Ceiling Round Truncate IsNaN IsFinite IsInfinite"
            + " Relu Selu Sigmoid LogSigmoid Softplus Silu Gelu GeluTanh Mish Softsign HardSigmoid HardSwish StopGradient"),
        .. All(Numbers, "Tensor", "LeakyRelu Elu Clamp"),
        .. All(Created, "Tensor", "Full Zeros Ones ZerosLike OnesLike"),
        .. All(Rearranged, "Tensor", "Transpose Flatten"),
        .. All("takes operands of any shapes", "Tensor", "Outer Kron"),
        .. All("converts every type to every other", "Tensor", "To"),
        .. All(Evaluated, "Tensor", "Evaluate Nonzero"),
        .. All("gives the elements that an index, checked before, names", "TensorUpdate", "Get"),
        .. All(Elementwise, "ComplexTensor", "op_UnaryNegation Conjugate TimesI Abs SquaredAbs Angle Exp Log"),
        .. All(Rearranged, "ComplexTensor", "Transpose Flatten"),
        .. All("converts every type to the nearest floating one", "ComplexTensor", "To"),
        .. All(Evaluated, "ComplexTensor", "Evaluate"),
        .. All(Created, "RandomKey", "Bits"),
    ]);

    private static IEnumerable<KeyValuePair<string, string>> All(string reason, string room, string names) =>
        names.Split(' ').Select(name => KeyValuePair.Create($"{room}.{name}", reason));
}
