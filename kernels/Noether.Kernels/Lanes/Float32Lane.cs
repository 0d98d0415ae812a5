using System.Runtime.CompilerServices;
using ILGPU;

namespace Noether.Kernels.Lanes;

/// <summary>One float32: what a GPU thread computes with, and the tail of a vector loop on the host.</summary>
/// <remarks>
/// Masks are 1 or 0. Everything here is in ILGPU's language: no exception, no fused multiply-add (the device's compiler fuses
/// <c>x·y + z</c> by itself), and signs are copied bit by bit because ILGPU 1.5.3 swaps the operands of the framework's CopySign.
/// For CUDA it also turns <c>constant &lt; x</c> into an unordered <c>x &gt; constant</c>, which a NaN passes: what may stand on the right of a constant
/// is asked for a NaN by itself, which costs nothing where it is a constant.
/// </remarks>
public struct Float32Lane : IFloatLanes<Float32Lane>, IVectorLanes<Float32Lane, float>
{
    // From here on every float32 is integral.
    private const float Integral = 8388608f;

    /// <summary>The number.</summary>
    public float Value;

    /// <inheritdoc/>
    public static bool IsSingle => true;

    /// <inheritdoc/>
    public static int Count => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane operator +(Float32Lane x, Float32Lane y) =>
        new() { Value = x.Value + y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane operator -(Float32Lane x, Float32Lane y) =>
        new() { Value = x.Value - y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane operator *(Float32Lane x, Float32Lane y) =>
        new() { Value = x.Value * y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane operator -(Float32Lane x) =>
        new() { Value = -x.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane operator /(Float32Lane x, Float32Lane y) =>
        new() { Value = x.Value / y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane Constant(double value) =>
        new() { Value = (float)value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane Constant(double single, double twice) =>
        new() { Value = (float)single };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane Apart<F>(Float32Lane x, Float32Lane y)
        where F : struct, IApartForm => F.Invoke(x, y);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane ByPrecision<F>(Float32Lane x)
        where F : struct, IPrecisionForm => F.Single(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane ByLookup<F>(Float32Lane x)
        where F : struct, ILookupForm =>
        F.Computed(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane Abs(Float32Lane x) =>
        new() { Value = Math.Abs(x.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane Min(Float32Lane x, Float32Lane y)
    {
        // A device's own minimum and maximum prefer the number to the NaN; a sum does not. Only y may be a constant.
        var ordered = Math.Min(x.Value, y.Value);
        return new() { Value = x.Value <= y.Value || x.Value > y.Value ? ordered : x.Value + y.Value };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane Max(Float32Lane x, Float32Lane y)
    {
        // A device's own minimum and maximum prefer the number to the NaN; a sum does not. Only y may be a constant.
        var ordered = Math.Max(x.Value, y.Value);
        return new() { Value = x.Value <= y.Value || x.Value > y.Value ? ordered : x.Value + y.Value };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane Equal(Float32Lane x, Float32Lane y) =>
        new() { Value = x.Value == y.Value ? 1f : 0f };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane Less(Float32Lane x, Float32Lane y) =>
        new() { Value = x.Value < y.Value & !float.IsNaN(y.Value) ? 1f : 0f };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane LessOrEqual(Float32Lane x, Float32Lane y) =>
        new() { Value = x.Value <= y.Value & !float.IsNaN(y.Value) ? 1f : 0f };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane MaskAnd(Float32Lane x, Float32Lane y) =>
        new() { Value = x.Value * y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane MaskOr(Float32Lane x, Float32Lane y) =>
        new() { Value = Math.Max(x.Value, y.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane MaskNot(Float32Lane x) =>
        new() { Value = 1f - x.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane Select(Float32Lane mask, Float32Lane x, Float32Lane y) =>
        new() { Value = mask.Value != 0f ? x.Value : y.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Float32Lane mask) =>
        mask.Value != 0f;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane Sqrt(Float32Lane x) =>
        new() { Value = MathF.Sqrt(x.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane Floor(Float32Lane x) =>
        new() { Value = MathF.Floor(x.Value) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane Round(Float32Lane x)
    {
        // The sum has no bits below 1, and was rounded to even.
        var magnitude = Math.Abs(x.Value);
        var rounded = CopySign(new() { Value = magnitude + Integral - Integral }, x);
        return new() { Value = magnitude < Integral ? rounded.Value : x.Value };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane Truncate(Float32Lane x) =>
        CopySign(new() { Value = MathF.Floor(Math.Abs(x.Value)) }, x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane CopySign(Float32Lane x, Float32Lane sign) =>
        new() { Value = Interop.IntAsFloat((Interop.FloatAsInt(x.Value) & 0x7FFF_FFFFu) | (Interop.FloatAsInt(sign.Value) & 0x8000_0000u)) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane MultiplyAdd(Float32Lane x, Float32Lane y, Float32Lane z) =>
        new() { Value = x.Value * y.Value + z.Value };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane ProductError(Float32Lane x, Float32Lane y, Float32Lane product)
    {
        // Dekker's product: those of the halves are exact. The minimum only hides the product (of NaN it would be ∞, so no compiler drops
        // it): a device's compiler that fused the difference with the product itself would find that nothing was lost.
        product.Value = Math.Min(product.Value, float.PositiveInfinity);
        float xHigh = High(x).Value, yHigh = High(y).Value;
        float xLow = x.Value - xHigh, yLow = y.Value - yHigh;
        return new() { Value = xHigh * yHigh - product.Value + xHigh * yLow + xLow * yHigh + xLow * yLow };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane Scale(Float32Lane x, Float32Lane n)
    {
        // 2ⁿ may not be a number where x·2ⁿ is, so it is applied in two factors.
        var power = (int)n.Value;
        var half = power >> 1;
        return new() { Value = x.Value * PowerOfTwo(half) * PowerOfTwo(power - half) };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane Exponent(Float32Lane x) =>
        new() { Value = (int)(Interop.FloatAsInt(x.Value) >> 23) - 127 };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane Significand(Float32Lane x) =>
        new() { Value = Interop.IntAsFloat((Interop.FloatAsInt(x.Value) & 0x007F_FFFFu) | 0x3F80_0000u) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane High(Float32Lane x) =>
        new() { Value = Interop.IntAsFloat(Interop.FloatAsInt(x.Value) & 0xFFFF_F000u) };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane Load(ref readonly float source) =>
        new() { Value = source };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Float32Lane x, ref float destination) =>
        destination = x.Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Float32Lane LoadMask(ref readonly byte source) =>
        new() { Value = source != 0 ? 1f : 0f };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMask(Float32Lane mask, ref byte destination) =>
        destination = mask.Value != 0f ? (byte)1 : (byte)0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float PowerOfTwo(int n) =>
        Interop.IntAsFloat((uint)(n + 127) << 23);
}
