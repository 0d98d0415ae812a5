using System.Numerics;
using Noether.Primitives;

namespace Noether.Devices.Host;

internal sealed unsafe partial class HostDevice
{
    internal override void Convolve(Primitives.Convolution convolution, View x, View w, View y) => Convolve(convolution, x, w, y, finished: null);

    internal override void Convolve(Primitives.Convolution convolution, View x, View w, View y, Epilogue epilogue)
    {
        var pixels = (int)y.Shape[convolution.FirstSpatialAxis..].Size;
        if (!Convolve(convolution, x, w, y, Parts(epilogue, y, pixels))) Map(epilogue.Group, epilogue.X, epilogue.Y);
    }

    // True if the body has been called for every element of y.
    private bool Convolve(Primitives.Convolution convolution, View x, View w, View y, IRegionBody? finished)
    {
        var (apart, planes) = (convolution.Apart ? convolution.Groups : 1, convolution.FirstSpatialAxis);
        var geometry = new ConvolutionGeometry
        {
            Batch = x.Shape[planes - 2],
            Channels = apart * x.Shape[planes - 1],
            Outputs = apart * w.Shape[planes - 2],
            Groups = convolution.Groups,
            Apart = convolution.Apart,
            Input = x.Shape.AsSpan()[planes..].ToArray(),
            Kernel = w.Shape.AsSpan()[planes..].ToArray(),
            Stride = convolution.Stride.AsSpan().ToArray(),
            PadLow = convolution.Low.AsSpan().ToArray(),
            PadHigh = convolution.High.AsSpan().ToArray(),
            InputDilation = convolution.InputDilation.AsSpan().ToArray(),
            KernelDilation = convolution.KernelDilation.AsSpan().ToArray(),
        };
        var copies = new List<Storage>();
        if (Convolution.TakesStrides(geometry))
        {
            // The gradient of the weights: views of an input and a cotangent whose batch and channels have changed places.
            (x, w) = (WithDensePlanes(x, planes, copies), WithDensePlanes(w, planes, copies));
            var (input, weight) = (x.Layout.Strides[..planes].ToArray(), w.Layout.Strides[..planes].ToArray());
            geometry = geometry with
            {
                InputStrides = (convolution.Apart ? input[0] : geometry.Channels / geometry.Groups * input[1], input[^2], input[^1]),
                WeightStrides = (convolution.Apart ? weight[0] : geometry.Outputs / geometry.Groups * weight[0], weight[^2], weight[^1]),
            };
        }
        else
        {
            (x, w) = (Dense(x, copies), Dense(w, copies));
        }

        var isDone = y.Type switch
        {
            DType.Float32 => Convolution.Correlate(geometry, Address<float>(x), Address<float>(w), Address<float>(y), finished),
            DType.Float64 => Convolution.Correlate(geometry, Address<double>(x), Address<double>(w), Address<double>(y), finished),
            DType.Int32 => Convolution.Correlate(geometry, Address<int>(x), Address<int>(w), Address<int>(y), finished),
            _ => Convolution.Correlate(geometry, Address<long>(x), Address<long>(w), Address<long>(y), finished),
        };
        foreach (var copy in copies) copy.Release();
        return isDone;
    }

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

    // As it is if its spatial axes lie as in a dense tensor, else a copy.
    private View WithDensePlanes(View x, int planes, List<Storage> copies)
    {
        var strides = x.Layout.Strides;
        var size = 1L;
        for (var axis = x.Shape.Rank - 1; axis >= planes; size *= x.Shape[axis], axis--)
            if (strides[axis] != size && x.Shape[axis] > 1) return Copied(x, copies);
        return x;
    }

    private static void WindowMax<T>(WindowMax windows, View x, View values, View positions)
        where T : unmanaged, INumber<T>
    {
        if (values.Size == 0) return;
        var body = new WindowMaximum<T>(windows, x.Shape, Address<T>(x), Address<T>(values), Address<long>(positions));
        WorkerPool.Shared.For((int)x.Shape[..^windows.Size.Count].Size, body.Plane);
    }
}
