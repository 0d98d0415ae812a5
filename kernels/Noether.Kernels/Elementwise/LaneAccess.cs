using System.Runtime.CompilerServices;
using ILGPU;
using Noether.Kernels.Lanes;

namespace Noether.Kernels.Elementwise;

/// <summary>
/// What emitted kernels call besides forms and <see cref="FourAccess"/>: loads, constants, selections and questions, an overload a type. Public only because
/// emitted code may not see internal members.
/// </summary>
public static class LaneAccess
{
    /// <summary>On the host: bytes seen as elements.</summary>
    public static ArrayView<T> Typed<T>(ArrayView<byte> bytes)
        where T : unmanaged => bytes.Cast<T>();

    /// <summary>Element <paramref name="index"/> as a lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane Load(ArrayView<byte> view, long index) => new() { Value = view[index] };

    /// <summary>Element <paramref name="index"/> as a lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane Load(ArrayView<int> view, long index) => new() { Value = view[index] };

    /// <summary>Element <paramref name="index"/> as a lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane Load(ArrayView<long> view, long index) => new() { Value = view[index] };

    /// <summary>Element <paramref name="index"/> as a lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane Load(ArrayView<float> view, long index) => new() { Value = view[index] };

    /// <summary>Element <paramref name="index"/> as a lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane Load(ArrayView<double> view, long index) => new() { Value = view[index] };

    /// <summary>bfloat16 element <paramref name="index"/>, widened.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane Load(ArrayView<ushort> view, long index) => new() { Value = Interop.IntAsFloat((uint)view[index] << 16) };

    /// <summary>A lane of a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane Of(byte value) => new() { Value = value };

    /// <summary>A lane of a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane Of(int value) => new() { Value = value };

    /// <summary>A lane of a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane Of(long value) => new() { Value = value };

    /// <summary>A lane of a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane Of(float value) => new() { Value = value };

    /// <summary>A lane of a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane Of(double value) => new() { Value = value };

    /// <summary>The number in the low bits of a launch's argument.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane BoolOf(long bits) => new() { Value = (byte)bits };

    /// <summary>The number in the low bits of a launch's argument.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane Int32Of(long bits) => new() { Value = (int)bits };

    /// <summary>The number in a launch's argument.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane Int64Of(long bits) => new() { Value = bits };

    /// <summary>The number whose bits are the low ones of a launch's argument.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane Float32Of(long bits) => new() { Value = Interop.IntAsFloat((uint)bits) };

    /// <summary>The number whose bits are a launch's argument.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane Float64Of(long bits) => new() { Value = Interop.IntAsFloat((ulong)bits) };

    /// <summary><c>mask ? x : y</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane Select(BoolLane mask, BoolLane x, BoolLane y) => new() { Value = mask.Value != 0 ? x.Value : y.Value };

    /// <summary><c>mask ? x : y</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int32Lane Select(BoolLane mask, Int32Lane x, Int32Lane y) => new() { Value = mask.Value != 0 ? x.Value : y.Value };

    /// <summary><c>mask ? x : y</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int64Lane Select(BoolLane mask, Int64Lane x, Int64Lane y) => new() { Value = mask.Value != 0 ? x.Value : y.Value };

    /// <summary><c>mask ? x : y</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane Select(BoolLane mask, Float32Lane x, Float32Lane y) => new() { Value = mask.Value != 0 ? x.Value : y.Value };

    /// <summary><c>mask ? x : y</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane Select(BoolLane mask, Float64Lane x, Float64Lane y) => new() { Value = mask.Value != 0 ? x.Value : y.Value };

    /// <summary>What a form answered, as a bool. Scalar lanes' masks are 1 or 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane Truth(BoolLane mask) => new() { Value = (byte)mask.Value };

    /// <summary>What a form answered, as a bool. Scalar lanes' masks are 1 or 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane Truth(Int32Lane mask) => new() { Value = (byte)mask.Value };

    /// <summary>What a form answered, as a bool. Scalar lanes' masks are 1 or 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane Truth(Int64Lane mask) => new() { Value = (byte)mask.Value };

    /// <summary>What a form answered, as a bool. Scalar lanes' masks are 1 or 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane Truth(Float32Lane mask) => new() { Value = (byte)mask.Value };

    /// <summary>What a form answered, as a bool. Scalar lanes' masks are 1 or 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoolLane Truth(Float64Lane mask) => new() { Value = (byte)mask.Value };
}
