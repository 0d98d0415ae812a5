using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.Indexing;

namespace Noether.Kernels.Windows;

/// <summary>The largest element of each window over the last three axes, and its position among all elements: the first of equals, or of NaN.</summary>
/// <typeparam name="T">float, double, int or long.</typeparam>
/// <remarks>
/// Algorithm: a thread a window, which it walks in the order of memory. What reaches over the edge is left out; each window holds an element.
/// Layout:    x [outer, planes, rows, columns], values and positions [outer, windows of each axis], dense; neighbours take neighbouring windows.
/// Limit:     bandwidth: one read of x where windows do not overlap, the caches' where they do; 8 bytes more written for each position.
/// Reference: in the tests, the plain loops.
/// </remarks>
public sealed class WindowMaximumKernel<T>(Accelerator accelerator)
    where T : unmanaged, INumber<T>
{
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>, ArrayView<long>, WindowAxes> launch =
        accelerator.LoadKernel<ArrayView<T>, ArrayView<T>, ArrayView<long>, WindowAxes>(Kernel, Grids.Specialization(accelerator));

    /// <summary>Enqueues the search.</summary>
    /// <exception cref="ArgumentException">The three axes hold more than 2³¹ - 1 elements.</exception>
    public void Launch(AcceleratorStream stream, ArrayView<T> x, ArrayView<T> values, ArrayView<long> positions, WindowAxes axes)
    {
        if (values.Length == 0) return;
        if ((Int128)axes.Plane.Elements * axes.Row.Elements * axes.Column.Elements > int.MaxValue)
            throw new ArgumentException($"windows over {axes.Plane.Elements} by {axes.Row.Elements} by {axes.Column.Elements} elements: at most {int.MaxValue}");
        launch(stream, Grids.Over(accelerator, values.Length), x, values, positions, axes);
    }

    private static void Kernel(ArrayView<T> x, ArrayView<T> values, ArrayView<long> positions, WindowAxes axes)
    {
        var at = Grids.Thread;
        if (at >= values.Length) return;
        var inPlane = new SlicePlace(at, axes.Row.Windows, axes.Column.Windows);
        var ofPlane = new SlicePlace(inPlane.Outer, axes.Plane.Windows, 1);
        int window = (int)inPlane.Inner, row = (int)inPlane.Slice, plane = (int)ofPlane.Slice;
        int from = axes.Column.From(window), below = axes.Column.Below(window);
        int firstRow = axes.Row.From(row), rows = axes.Row.Below(row), planes = axes.Plane.Below(plane);
        var start = ofPlane.Outer * ((long)axes.Plane.Elements * axes.Row.Elements * axes.Column.Elements);

        var p = axes.Plane.From(plane);
        var best = (p * axes.Row.Elements + firstRow) * axes.Column.Elements + from;
        var largest = x[start + best];
        for (; p < planes; p += axes.Plane.Dilation)
        {
            for (var r = firstRow; r < rows; r += axes.Row.Dilation)
            {
                var line = (p * axes.Row.Elements + r) * axes.Column.Elements;
                for (var c = from; c < below; c += axes.Column.Dilation)
                {
                    var next = x[start + (line + c)];
                    if (!Beats(next, largest)) continue;
                    largest = next;
                    best = line + c;
                }
            }
        }

        values[at] = largest;
        positions[at] = start + best;
    }

    // NaNs are asked for first: where ILGPU 1.5.3 inverts a comparison, its OpenCL code forgets that NaNs compare false.
    private static bool Beats(T next, T largest) => !T.IsNaN(largest) && (T.IsNaN(next) || next > largest);
}
