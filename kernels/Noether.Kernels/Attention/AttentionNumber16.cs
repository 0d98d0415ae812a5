using System.Runtime.CompilerServices;
using Noether.Kernels.Elementwise;

namespace Noether.Kernels.Attention;

/// <summary>bfloat16 in memory, float32 in between.</summary>
public readonly struct AttentionNumber16 : IAttentionNumber<ushort, float>
{
    /// <inheritdoc/>
    public static int Step => AttentionNumber32.Step;

    /// <inheritdoc/>
    public static float Hidden => AttentionNumber32.Hidden;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Read(ushort x) => LaneCasts.FromBFloat16(x).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Written(float x) => LaneCasts.BFloat16Bits(LaneCasts.RoundToBFloat16(new() { Value = x }));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Exp(float x) => AttentionNumber32.Exp(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Log(float x) => AttentionNumber32.Log(x);
}
