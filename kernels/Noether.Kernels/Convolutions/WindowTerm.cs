using System.Runtime.CompilerServices;

namespace Noether.Kernels.Convolutions;

/// <summary>One term of the sums: a channel and the place of a kernel point, relative to the window's first.</summary>
internal struct WindowTerm
{
    public int Channel, Z, Y, X;

    /// <summary>Term <paramref name="index"/> of [channels, kernel points].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WindowTerm Of(ConvolutionSizes sizes, int index)
    {
        var y = index / sizes.Kernel.X;
        var x = index - y * sizes.Kernel.X;
        var z = y / sizes.Kernel.Y;
        y -= z * sizes.Kernel.Y;
        var channel = z / sizes.Kernel.Z;
        z -= channel * sizes.Kernel.Z;
        return new() { Channel = channel, Z = z * sizes.KernelDilation.Z, Y = y * sizes.KernelDilation.Y, X = x * sizes.KernelDilation.X };
    }
}
