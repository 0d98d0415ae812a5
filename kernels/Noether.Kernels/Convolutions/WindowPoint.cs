using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;

namespace Noether.Kernels.Convolutions;

/// <summary>One point of the output: where its window begins in the padded input.</summary>
internal struct WindowPoint
{
    public long Start; // of the image and group in x
    public int Z, Y, X; // of the window's first point, with the zeros between counted; far outside if there is no such output

    // No window reaches from here into an image.
    private const int Outside = -(1 << 29);

    /// <summary>The window of column <paramref name="column"/> of [batch, output points].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WindowPoint Of(ConvolutionSizes sizes, int group, int column)
    {
        var points = sizes.Output.Product;
        if (column >= sizes.Batch * points) return new() { Z = Outside };
        var image = column / points;
        var point = column - image * points;
        var y = point / sizes.Output.X;
        var x = point - y * sizes.Output.X;
        var z = y / sizes.Output.Y;
        y -= z * sizes.Output.Y;
        return new()
        {
            Start = sizes.InputStart + image * sizes.BatchStride + group * sizes.GroupStride,
            Z = z * sizes.Stride.Z - sizes.Low.Z,
            Y = y * sizes.Stride.Y - sizes.Low.Y,
            X = x * sizes.Stride.X - sizes.Low.X,
        };
    }

    /// <summary>The element of x̂ that a term meets; 0 between and around the elements of x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Read<T>(WindowPoint window, ArrayView<T> x, ConvolutionSizes sizes, WindowTerm term)
        where T : unmanaged, INumber<T>
    {
        int z = window.Z + term.Z, y = window.Y + term.Y, column = window.X + term.X;
        if (z < 0 || y < 0 || column < 0) return T.Zero;
        if (sizes.InputDilation.Product != 1)
        {
            int insideZ = z / sizes.InputDilation.Z, insideY = y / sizes.InputDilation.Y, insideX = column / sizes.InputDilation.X;
            if (insideZ * sizes.InputDilation.Z != z || insideY * sizes.InputDilation.Y != y || insideX * sizes.InputDilation.X != column) return T.Zero;
            z = insideZ;
            y = insideY;
            column = insideX;
        }

        if (z >= sizes.Input.Z || y >= sizes.Input.Y || column >= sizes.Input.X) return T.Zero;
        return x[window.Start + term.Channel * sizes.ChannelStride + z * sizes.StrideZ + y * sizes.StrideY + column * sizes.StrideX];
    }
}
