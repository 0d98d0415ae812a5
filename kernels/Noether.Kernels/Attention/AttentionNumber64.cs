using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Kernels.Attention;

/// <summary>float64.</summary>
public readonly struct AttentionNumber64 : IAttentionNumber<double, double>
{
    /// <inheritdoc/>
    public static int Step => 8;

    /// <inheritdoc/>
    public static double Hidden => double.NegativeInfinity;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Read(double x) => x;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Written(double x) => x;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Exp(double x) => Elementary.Exp(new Float64Lane { Value = x }).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Log(double x) => Elementary.Log(new Float64Lane { Value = x }).Value;
}
