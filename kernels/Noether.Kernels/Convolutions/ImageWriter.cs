using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;
using Noether.Kernels.MatMul;

namespace Noether.Kernels.Convolutions;

/// <summary>Writes a group's features [features, images and points] to images [features, points], between those of other groups.</summary>
internal struct ImageWriter<T> : ISquareWriter<T>
    where T : unmanaged, INumber<T>
{
    public ArrayView<T> Output;
    public long Start; // of the group's features in the first image
    public long Step; // from image to image
    public int Points;
    public int Features;
    public int Columns; // of all images

    // Down the columns: the image of each is looked for once.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Write(QuadTile<T> c, int row, int column)
    {
        WriteColumn(new() { X = c.Row0.X, Y = c.Row1.X, Z = c.Row2.X, W = c.Row3.X }, row, column);
        WriteColumn(new() { X = c.Row0.Y, Y = c.Row1.Y, Z = c.Row2.Y, W = c.Row3.Y }, row, column + 1);
        WriteColumn(new() { X = c.Row0.Z, Y = c.Row1.Z, Z = c.Row2.Z, W = c.Row3.Z }, row, column + 2);
        WriteColumn(new() { X = c.Row0.W, Y = c.Row1.W, Z = c.Row2.W, W = c.Row3.W }, row, column + 3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void WriteColumn(Four<T> x, int row, int column)
    {
        if (column >= Columns) return;
        var image = column / Points;
        var at = Start + image * Step + (long)row * Points + (column - image * Points);
        if (row < Features) Output[at] = x.X;
        if (row + 1 < Features) Output[at + Points] = x.Y;
        if (row + 2 < Features) Output[at + 2 * (long)Points] = x.Z;
        if (row + 3 < Features) Output[at + 3 * (long)Points] = x.W;
    }
}
