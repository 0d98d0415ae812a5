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

    internal override void WindowMaxGradient(WindowMaxGradient gradient, View cotangents, View positions, View dx)
    {
        if (dx.Type == DType.Float32) WindowMaxGradient<float>(gradient, cotangents, positions, dx);
        else WindowMaxGradient<double>(gradient, cotangents, positions, dx);
    }

    private void WindowMax<T>(WindowMax windows, View x, View values, View positions)
        where T : unmanaged, INumber<T>
    {
        Kernels.Get(static accelerator => new WindowMaximumKernel<T>(accelerator))
            .Launch(Stream, Dense<T>(x), Dense<T>(values), Dense<long>(positions), AxesOf(windows, x.Shape));
    }

    private void WindowMaxGradient<T>(WindowMaxGradient gradient, View cotangents, View positions, View dx)
        where T : unmanaged, INumber<T>
    {
        Kernels.Get(static accelerator => new WindowGradientKernel<T>(accelerator))
            .Launch(Stream, Dense<T>(cotangents), Dense<long>(positions), Dense<T>(dx), AxesOf(gradient.Windows, dx.Shape));
    }

    private static WindowAxes AxesOf(WindowMax windows, Shape shape) =>
        new() { Plane = Along(windows, 2, shape), Row = Along(windows, 1, shape), Column = Along(windows, 0, shape) };

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
