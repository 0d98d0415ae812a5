using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Kernels.Attention;

/// <summary>float32.</summary>
public readonly struct AttentionNumber32 : IAttentionNumber<float, float>
{
    /// <inheritdoc/>
    public static int Step => 16;

    /// <inheritdoc/>
    public static float Hidden => float.NegativeInfinity;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Read(float x) => x;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Written(float x) => x;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Exp(float x) => Elementary.Exp(new Float32Lane { Value = x }).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Log(float x) => Elementary.Log(new Float32Lane { Value = x }).Value;
}
