using System.Runtime.CompilerServices;

namespace Noether.Devices.Host;

/// <summary>Packs bfloat16 factors into panels of floats: the panels of <see cref="GemmPanels{V,T}"/>, which says how they lie.</summary>
/// <remarks>
/// Algorithm: where a panel's rows are rows of the factor they are widened on the way; else some columns of it are, into 64 steps of k that stay in
///            L1, and turned round from there.
/// </remarks>
internal static unsafe class GemmPanelsNarrow
{
    private const int Steps = 64;

    /// <summary><c>to[p · stride + j] = from[p · depthStep + j · step]</c> for j below width, p below depth; zeros up to the stride.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(ushort* from, long depthStep, long step, float* to, int width, int depth, int stride)
    {
        if (width < stride)
            new Span<float>(to, depth * stride).Clear();
        if (step == 1)
        {
            BFloat16Rows.Widen(from, depthStep, to, stride, depth, width);
            return;
        }

        if (depthStep != 1)
        {
            for (var p = 0; p < depth; p++, from += depthStep, to += stride)
                for (var j = 0; j < width; j++)
                    to[j] = BFloat16Rows.Widen(from[j * step]);
            return;
        }

        var wide = stackalloc float[Steps * stride];
        for (var p = 0; p < depth; p += Steps)
        {
            var steps = Math.Min(Steps, depth - p);
            BFloat16Rows.Widen(from + p, step, wide, Steps, width, steps);
            Transposition.Run(wide, Steps, to + p * stride, stride, width, steps);
        }
    }
}
