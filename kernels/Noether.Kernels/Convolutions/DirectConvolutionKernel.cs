using System.Numerics;
using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.Convolutions;

/// <summary>Convolutions whose groups have so few features that tiles of products would be empty, depthwise ones above all: <see cref="ConvolutionSizes"/>.</summary>
/// <typeparam name="T">float, double, int or long; sums are kept in T.</typeparam>
/// <remarks>
/// Algorithm: a thread sums one output.
/// Layout:    x strided, w and y dense. Neighbouring threads read neighbouring inputs and the same weight.
/// Cost:      two loads a term; inputs that several outputs share come from the first-level cache.
/// Limit:     memory, for kernels of a few points.
/// Order:     channels, then kernel points, in order: equal bits on every run.
/// Reference: <see cref="ConvolutionReference"/>.
/// </remarks>
public sealed class DirectConvolutionKernel<T>(Accelerator accelerator)
    where T : unmanaged, INumber<T>
{
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>, ArrayView<T>, ConvolutionSizes> launch =
        accelerator.LoadKernel<ArrayView<T>, ArrayView<T>, ArrayView<T>, ConvolutionSizes>(Kernel, Grids.Specialization(accelerator));

    /// <summary>Enqueues the convolution.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="x">The input's memory.</param>
    /// <param name="w">The kernel's memory.</param>
    /// <param name="y">The output's memory.</param>
    /// <param name="sizes">Sizes, rules and where operands lie; the terms in one part.</param>
    public void Launch(AcceleratorStream stream, ArrayView<T> x, ArrayView<T> w, ArrayView<T> y, in ConvolutionSizes sizes)
    {
        if (sizes.Results > 0) launch(stream, Grids.Over(accelerator, sizes.Results), x, w, y, sizes);
    }

    private static void Kernel(ArrayView<T> x, ArrayView<T> w, ArrayView<T> y, ConvolutionSizes sizes)
    {
        var index = Grids.Thread;
        if (index >= sizes.Results) return;
        var points = sizes.Output.Product;
        var outputs = sizes.Groups * sizes.Features;
        var line = index / points; // of [batch, groups·features]
        var image = (int)(line / outputs);
        var output = (int)(line - (long)image * outputs);
        var group = output / sizes.Features;
        var window = WindowPoint.Of(sizes, group, image * points + (int)(index - line * points));
        var place = sizes.OutputStart + image * sizes.OutputBatchStride + group * sizes.OutputGroupStride + (output - group * sizes.Features) * (long)points + (index - line * points);
        var weight = sizes.KernelStart + (long)output * sizes.Terms;
        var sum = T.Zero;
        var terms = sizes.Terms;
        for (var i = 0; i < terms; i++) sum += w[weight + i] * WindowPoint.Read(window, x, sizes, WindowTerm.Of(sizes, i));
        y[place] = sum;
    }
}
