using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Noether.Devices.Host;

/// <summary>The padded input of a correlation in parts within which every step of the run is one element.</summary>
/// <remarks>
/// Layout: [slab, part z, part y, part x, Z, Y, X] with rows of X elements; slabs are channels, or images. A tap is then an offset, and a
/// tap moved along the run a contiguous vector: no matrix of windows is made. The copy costs one store for each element and part, where
/// such a matrix costs one for each tap.
/// </remarks>
/// <param name="z">The slowest axis.</param>
/// <param name="y">The middle axis.</param>
/// <param name="x">The axis along memory.</param>
/// <param name="runs">Positions of the run held at once along each axis.</param>
internal readonly struct ConvolutionParts(ConvolutionAxis z, ConvolutionAxis y, ConvolutionAxis x, int[] runs)
{
    private readonly int sizeZ = runs[0] + z.Reach, sizeY = runs[1] + y.Reach, sizeX = runs[2] + x.Reach;

    /// <summary>Elements from one row of the run to the next, and from plane to plane.</summary>
    public int Row => sizeX;

    public int Plane => sizeY * sizeX;

    /// <summary>Elements of one slab.</summary>
    public int Slab => checked(z.Parts.Length * y.Parts.Length * x.Parts.Length * Part);

    /// <summary>How far a run reaches from its first position to past its last.</summary>
    public int Length(int countZ, int countY, int countX) => (countZ - 1) * Plane + (countY - 1) * Row + countX;

    /// <summary>Taps along all axes.</summary>
    public int Taps => z.Taps.Length * y.Taps.Length * x.Taps.Length;

    private int Part => sizeZ * sizeY * sizeX;

    /// <summary>The offset of each tap in a slab, and its number in the kernel of sizes [·, kernelY, kernelX].</summary>
    public (int[] Offsets, int[] Numbers) Table(int kernelY, int kernelX)
    {
        int[] offsets = new int[Taps], numbers = new int[Taps];
        var i = 0;
        for (var a = 0; a < z.Taps.Length; a++)
            for (var b = 0; b < y.Taps.Length; b++)
                for (var c = 0; c < x.Taps.Length; c++, i++)
                {
                    var part = (z.Part[a] * y.Parts.Length + y.Part[b]) * x.Parts.Length + x.Part[c];
                    offsets[i] = part * Part + (z.Offset[a] * sizeY + y.Offset[b]) * sizeX + x.Offset[c];
                    numbers[i] = (z.Taps[a] * kernelY + y.Taps[b]) * kernelX + x.Taps[c];
                }

        return (offsets, numbers);
    }

    /// <summary>Copies one slab of input of the given sizes, for runs that begin at <paramref name="starts"/>; may write 64 bytes past its end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void Copy<T>(T* input, int[] sizes, int[] starts, T* to)
        where T : unmanaged, INumber<T>
    {
        foreach (var partZ in z.Parts)
            foreach (var partY in y.Parts)
                foreach (var partX in x.Parts)
                    for (var i = 0; i < sizeZ; i++)
                    {
                        var inZ = z.Low + partZ + (starts[0] + i) * z.Step;
                        for (var j = 0; j < sizeY; j++, to += sizeX)
                        {
                            var inY = y.Low + partY + (starts[1] + j) * y.Step;
                            if ((uint)inZ >= (uint)sizes[0] || (uint)inY >= (uint)sizes[1])
                                new Span<T>(to, sizeX).Clear();
                            else
                                CopyRow(input + ((long)inZ * sizes[1] + inY) * sizes[2], x.Low + partX + starts[2] * x.Step, x.Step, sizes[2], to, sizeX);
                        }
                    }
    }

    // Whole vectors, past the end of the row: what follows is written later, and storages have room for one vector more.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void CopyRow<T>(T* row, int from, int step, int size, T* to, int length)
        where T : unmanaged, INumber<T>
    {
        var (low, high) = ConvolutionWindow<T>.Inside(from, step, length, size);
        for (var i = 0; i < low; i++)
            to[i] = T.Zero;
        var source = row + from;
        if (step == 1)
            for (var i = low; i < high; i += Vector256<T>.Count)
                Vector256.Load(source + i).Store(to + i);
        else if (step == 2)
            Interleaving.Even(source + 2 * low, to + low, high - low);
        else
            for (var i = low; i < high; i++)
                to[i] = source[(long)i * step];
        for (var i = high; i < length; i++)
            to[i] = T.Zero;
    }
}
