using System.Runtime.CompilerServices;
using ILGPU;

namespace Noether.Kernels.Lanes;

/// <summary>One float64: what a GPU thread computes with, and the tail of a vector loop on the host.</summary>
/// <remarks>
/// Masks are 1 or 0. Everything here is in ILGPU's language: no exception, no fused multiply-add (the device's compiler fuses
/// <c>x·y + z</c> by itself), and signs are copied bit by bit because ILGPU 1.5.3 swaps the operands of the framework's CopySign.
/// For CUDA it also turns <c>constant &lt; x</c> into an unordered <c>x &gt; constant</c>, which a NaN passes: what may stand on the right of a constant
/// is asked for a NaN by itself, which costs nothing where it is a constant.
/// </remarks>
public struct Float64Lane : IFloatLanes<Float64Lane>, IVectorLanes<Float64Lane, double>
{
    // From here on every float64 is integral.
    private const double Integral = 4503599627370496.0;

    /// <summary>The number.</summary>
    public double Value;

    /// <inheritdoc/>
    public static bool IsSingle => false;

    /// <inheritdoc/>
    public static int Count => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane operator +(Float64Lane x, Float64Lane y) =>
        new() { Value = x.Value + y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane operator -(Float64Lane x, Float64Lane y) =>
        new() { Value = x.Value - y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane operator *(Float64Lane x, Float64Lane y) =>
        new() { Value = x.Value * y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane operator -(Float64Lane x) =>
        new() { Value = -x.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane operator /(Float64Lane x, Float64Lane y) =>
        new() { Value = x.Value / y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane Constant(double value) =>
        new() { Value = value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane Constant(double single, double twice) =>
        new() { Value = twice };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane Apart<F>(Float64Lane x, Float64Lane y)
        where F : struct, IApartForm => F.Invoke(x, y);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane ByPrecision<F>(Float64Lane x)
        where F : struct, IPrecisionForm => F.Twice(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane ByLookup<F>(Float64Lane x)
        where F : struct, ILookupForm =>
        F.Computed(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane Abs(Float64Lane x) =>
        new() { Value = Math.Abs(x.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane Min(Float64Lane x, Float64Lane y)
    {
        // A device's own minimum and maximum prefer the number to the NaN; a sum does not. Only y may be a constant.
        var ordered = Math.Min(x.Value, y.Value);
        return new() { Value = x.Value <= y.Value || x.Value > y.Value ? ordered : x.Value + y.Value };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane Max(Float64Lane x, Float64Lane y)
    {
        // A device's own minimum and maximum prefer the number to the NaN; a sum does not. Only y may be a constant.
        var ordered = Math.Max(x.Value, y.Value);
        return new() { Value = x.Value <= y.Value || x.Value > y.Value ? ordered : x.Value + y.Value };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane Equal(Float64Lane x, Float64Lane y) =>
        new() { Value = x.Value == y.Value ? 1.0 : 0.0 };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane Less(Float64Lane x, Float64Lane y) =>
        new() { Value = x.Value < y.Value & !double.IsNaN(y.Value) ? 1.0 : 0.0 };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane LessOrEqual(Float64Lane x, Float64Lane y) =>
        new() { Value = x.Value <= y.Value & !double.IsNaN(y.Value) ? 1.0 : 0.0 };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane MaskAnd(Float64Lane x, Float64Lane y) =>
        new() { Value = x.Value * y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane MaskOr(Float64Lane x, Float64Lane y) =>
        new() { Value = Math.Max(x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane MaskNot(Float64Lane x) =>
        new() { Value = 1.0 - x.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane Select(Float64Lane mask, Float64Lane x, Float64Lane y) =>
        new() { Value = mask.Value != 0.0 ? x.Value : y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Float64Lane mask) =>
        mask.Value != 0.0;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane Sqrt(Float64Lane x) =>
        new() { Value = Math.Sqrt(x.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane Floor(Float64Lane x) =>
        new() { Value = Math.Floor(x.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane Round(Float64Lane x)
    {
        // The sum has no bits below 1, and was rounded to even.
        var magnitude = Math.Abs(x.Value);
        var rounded = CopySign(new() { Value = magnitude + Integral - Integral }, x);
        return new() { Value = magnitude < Integral ? rounded.Value : x.Value };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane Truncate(Float64Lane x) =>
        CopySign(new() { Value = Math.Floor(Math.Abs(x.Value)) }, x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane CopySign(Float64Lane x, Float64Lane sign) =>
        new() { Value = Interop.IntAsFloat((Interop.FloatAsInt(x.Value) & 0x7FFF_FFFF_FFFF_FFFFUL) | (Interop.FloatAsInt(sign.Value) & 0x8000_0000_0000_0000UL)) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane MultiplyAdd(Float64Lane x, Float64Lane y, Float64Lane z) =>
        new() { Value = x.Value * y.Value + z.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane ProductError(Float64Lane x, Float64Lane y, Float64Lane product)
    {
        // Dekker's product: those of the halves are exact. The minimum only hides the product (of NaN it would be ∞, so no compiler drops
        // it): a device's compiler that fused the difference with the product itself would find that nothing was lost.
        product.Value = Math.Min(product.Value, double.PositiveInfinity);
        double xHigh = High(x).Value, yHigh = High(y).Value;
        double xLow = x.Value - xHigh, yLow = y.Value - yHigh;
        return new() { Value = xHigh * yHigh - product.Value + xHigh * yLow + xLow * yHigh + xLow * yLow };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane Scale(Float64Lane x, Float64Lane n)
    {
        // 2ⁿ may not be a number where x·2ⁿ is, so it is applied in two factors.
        var power = (long)n.Value;
        var half = power >> 1;
        return new() { Value = x.Value * PowerOfTwo(half) * PowerOfTwo(power - half) };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane Exponent(Float64Lane x) =>
        new() { Value = (int)(Interop.FloatAsInt(x.Value) >> 52) - 1023 };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane Significand(Float64Lane x) =>
        new() { Value = Interop.IntAsFloat((Interop.FloatAsInt(x.Value) & 0x000F_FFFF_FFFF_FFFFUL) | 0x3FF0_0000_0000_0000UL) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane High(Float64Lane x) =>
        new() { Value = Interop.IntAsFloat((Interop.FloatAsInt(x.Value) + 0x400_0000UL) & 0xFFFF_FFFF_F800_0000UL) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane Load(ref readonly double source) =>
        new() { Value = source };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Float64Lane x, ref double destination) =>
        destination = x.Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float64Lane LoadMask(ref readonly byte source) =>
        new() { Value = source != 0 ? 1.0 : 0.0 };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMask(Float64Lane mask, ref byte destination) =>
        destination = mask.Value != 0.0 ? (byte)1 : (byte)0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double PowerOfTwo(long n) =>
        Interop.IntAsFloat((ulong)(n + 1023) << 52);
}
