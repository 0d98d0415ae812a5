using System.Runtime.Intrinsics;
using Noether.Graphs;
using Noether.Kernels.Lanes;
using Noether.Primitives;

namespace Noether.Devices.Host;

/// <summary>Instantiates an instruction's form over the widest lanes of this machine.</summary>
internal sealed class TileCompiler(DType type, DType result) : IFormVisitor<TileOperation?>
{
    /// <summary>The tile loop of an instruction whose arguments have the given types; null for a constant.</summary>
    public static TileOperation? Compile(Instruction instruction, DType[] arguments) =>
        instruction.Operation.Accept(new TileCompiler(arguments.Length > 0 ? arguments[^1] : instruction.Type, instruction.Type));

    public TileOperation? Unary<TForm>()
        where TForm : struct, IUnaryForm => type switch
        {
            DType.Float32 => UnaryFloats<TForm, float>(),
            _ => UnaryFloats<TForm, double>(),
        };

    public TileOperation? Binary<TForm>()
        where TForm : struct, IBinaryForm => type switch
        {
            DType.Float32 => BinaryFloats<TForm, float>(),
            _ => BinaryFloats<TForm, double>(),
        };

    public TileOperation? Predicate<TForm>()
        where TForm : struct, IPredicateForm => type switch
        {
            DType.Float32 => PredicateFloats<TForm, float>(),
            _ => PredicateFloats<TForm, double>(),
        };

    public TileOperation? NumberUnary<TForm>()
        where TForm : struct, INumberUnaryForm => type switch
        {
            DType.Float32 => NumberUnaryFloats<TForm, float>(),
            DType.Float64 => NumberUnaryFloats<TForm, double>(),
            DType.Int32 => NumberUnaryIntegers<TForm, int>(),
            _ => NumberUnaryIntegers<TForm, long>(),
        };

    public TileOperation? NumberBinary<TForm>()
        where TForm : struct, INumberBinaryForm => type switch
        {
            DType.Float32 => NumberBinaryFloats<TForm, float>(),
            DType.Float64 => NumberBinaryFloats<TForm, double>(),
            DType.Int32 => NumberBinaryIntegers<TForm, int>(),
            _ => NumberBinaryIntegers<TForm, long>(),
        };

    public TileOperation? Comparison<TForm>()
        where TForm : struct, IComparisonForm => type switch
        {
            DType.Float32 => ComparisonFloats<TForm, float>(),
            DType.Float64 => ComparisonFloats<TForm, double>(),
            DType.Int32 => ComparisonIntegers<TForm, int>(),
            DType.Int64 => ComparisonIntegers<TForm, long>(),
            _ => ComparisonIntegers<TForm, byte>(),
        };

    public TileOperation? Integer<TForm>()
        where TForm : struct, IIntegerForm => type switch
        {
            DType.Int32 => IntegerIntegers<TForm, int>(),
            DType.Int64 => IntegerIntegers<TForm, long>(),
            _ => IntegerIntegers<TForm, byte>(),
        };

    public TileOperation? Select() => result switch
    {
        DType.Float32 => SelectFloats<float>(),
        DType.Float64 => SelectFloats<double>(),
        DType.Int32 => SelectIntegers<int>(),
        DType.Int64 => SelectIntegers<long>(),
        DType.BFloat16 => new SelectElements<ushort>(),
        _ => SelectIntegers<byte>(),
    };

    public TileOperation? Cast() => Casts.Between(type, result);

    public TileOperation? Constant(Scalar value) => null;

    private static TileOperation UnaryFloats<TForm, T>()
        where TForm : struct, IUnaryForm
        where T : unmanaged =>
        Vector512.IsHardwareAccelerated ? new UnaryTile<TForm, FloatLanes512<T>, T>()
        : Vector256.IsHardwareAccelerated ? new UnaryTile<TForm, FloatLanes256<T>, T>()
        : new UnaryTile<TForm, FloatLanes128<T>, T>();

    private static TileOperation BinaryFloats<TForm, T>()
        where TForm : struct, IBinaryForm
        where T : unmanaged =>
        Vector512.IsHardwareAccelerated ? new BinaryTile<TForm, FloatLanes512<T>, T>()
        : Vector256.IsHardwareAccelerated ? new BinaryTile<TForm, FloatLanes256<T>, T>()
        : new BinaryTile<TForm, FloatLanes128<T>, T>();

    private static TileOperation PredicateFloats<TForm, T>()
        where TForm : struct, IPredicateForm
        where T : unmanaged =>
        Vector512.IsHardwareAccelerated ? new PredicateTile<TForm, FloatLanes512<T>, T>()
        : Vector256.IsHardwareAccelerated ? new PredicateTile<TForm, FloatLanes256<T>, T>()
        : new PredicateTile<TForm, FloatLanes128<T>, T>();

    private static TileOperation NumberUnaryFloats<TForm, T>()
        where TForm : struct, INumberUnaryForm
        where T : unmanaged =>
        Vector512.IsHardwareAccelerated ? new NumberUnaryTile<TForm, FloatLanes512<T>, T>()
        : Vector256.IsHardwareAccelerated ? new NumberUnaryTile<TForm, FloatLanes256<T>, T>()
        : new NumberUnaryTile<TForm, FloatLanes128<T>, T>();

    private static TileOperation NumberUnaryIntegers<TForm, T>()
        where TForm : struct, INumberUnaryForm
        where T : unmanaged =>
        Vector512.IsHardwareAccelerated ? new NumberUnaryTile<TForm, IntegerLanes512<T>, T>()
        : Vector256.IsHardwareAccelerated ? new NumberUnaryTile<TForm, IntegerLanes256<T>, T>()
        : new NumberUnaryTile<TForm, IntegerLanes128<T>, T>();

    private static TileOperation NumberBinaryFloats<TForm, T>()
        where TForm : struct, INumberBinaryForm
        where T : unmanaged =>
        Vector512.IsHardwareAccelerated ? new NumberBinaryTile<TForm, FloatLanes512<T>, T>()
        : Vector256.IsHardwareAccelerated ? new NumberBinaryTile<TForm, FloatLanes256<T>, T>()
        : new NumberBinaryTile<TForm, FloatLanes128<T>, T>();

    private static TileOperation NumberBinaryIntegers<TForm, T>()
        where TForm : struct, INumberBinaryForm
        where T : unmanaged =>
        Vector512.IsHardwareAccelerated ? new NumberBinaryTile<TForm, IntegerLanes512<T>, T>()
        : Vector256.IsHardwareAccelerated ? new NumberBinaryTile<TForm, IntegerLanes256<T>, T>()
        : new NumberBinaryTile<TForm, IntegerLanes128<T>, T>();

    private static TileOperation ComparisonFloats<TForm, T>()
        where TForm : struct, IComparisonForm
        where T : unmanaged =>
        Vector512.IsHardwareAccelerated ? new ComparisonTile<TForm, FloatLanes512<T>, T>()
        : Vector256.IsHardwareAccelerated ? new ComparisonTile<TForm, FloatLanes256<T>, T>()
        : new ComparisonTile<TForm, FloatLanes128<T>, T>();

    private static TileOperation ComparisonIntegers<TForm, T>()
        where TForm : struct, IComparisonForm
        where T : unmanaged =>
        Vector512.IsHardwareAccelerated ? new ComparisonTile<TForm, IntegerLanes512<T>, T>()
        : Vector256.IsHardwareAccelerated ? new ComparisonTile<TForm, IntegerLanes256<T>, T>()
        : new ComparisonTile<TForm, IntegerLanes128<T>, T>();

    private static TileOperation IntegerIntegers<TForm, T>()
        where TForm : struct, IIntegerForm
        where T : unmanaged =>
        Vector512.IsHardwareAccelerated ? new IntegerTile<TForm, IntegerLanes512<T>, T>()
        : Vector256.IsHardwareAccelerated ? new IntegerTile<TForm, IntegerLanes256<T>, T>()
        : new IntegerTile<TForm, IntegerLanes128<T>, T>();

    private static TileOperation SelectFloats<T>()
        where T : unmanaged =>
        Vector512.IsHardwareAccelerated ? new SelectTile<FloatLanes512<T>, T>()
        : Vector256.IsHardwareAccelerated ? new SelectTile<FloatLanes256<T>, T>()
        : new SelectTile<FloatLanes128<T>, T>();

    private static TileOperation SelectIntegers<T>()
        where T : unmanaged =>
        Vector512.IsHardwareAccelerated ? new SelectTile<IntegerLanes512<T>, T>()
        : Vector256.IsHardwareAccelerated ? new SelectTile<IntegerLanes256<T>, T>()
        : new SelectTile<IntegerLanes128<T>, T>();
}
