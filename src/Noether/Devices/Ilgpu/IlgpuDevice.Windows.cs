using System.Numerics;
using Noether.Kernels.Windows;
using Noether.Primitives;

namespace Noether.Devices.Ilgpu;

internal sealed partial class IlgpuDevice
{
    internal override void WindowMax(WindowMax windows, View x, View values, View positions)
    {
        switch (x.Type)
        {
            case DType.Float32: WindowMax<float>(windows, x, values, positions); break;
            case DType.Float64: WindowMax<double>(windows, x, values, positions); break;
            case DType.Int32: WindowMax<int>(windows, x, values, positions); break;
            default: WindowMax<long>(windows, x, values, positions); break;
        }
    }

    private void WindowMax<T>(WindowMax windows, View x, View values, View positions)
        where T : unmanaged, INumber<T>
    {
        var axes = new WindowAxes { Plane = Along(windows, 2, x.Shape), Row = Along(windows, 1, x.Shape), Column = Along(windows, 0, x.Shape) };
        Kernels.Get(static accelerator => new WindowMaximumKernel<T>(accelerator)).Launch(Stream, Dense<T>(x), Dense<T>(values), Dense<long>(positions), axes);
    }

    // The axis so many before the last; the lead of fewer than three belongs to the outer sizes.
    private static WindowAxis Along(WindowMax windows, int before, Shape shape)
    {
        var axis = windows.Size.Count - 1 - before;
        return axis < 0 ? WindowAxis.One : new()
        {
            Elements = shape[shape.Rank - 1 - before],
            Windows = windows.Count[axis],
            Size = windows.Size[axis],
            Step = windows.Step[axis],
            Low = windows.Low[axis],
            Dilation = windows.Dilation[axis],
        };
    }
}
