using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.Indexing;

namespace Noether.Kernels.Windows;

/// <summary>The gradient of <see cref="WindowMaximumKernel{T}"/>: each element's sum of the cotangents of the windows whose largest it is.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <remarks>
/// Algorithm: a thread an element, which walks the windows that reach over it and asks for their positions: a gather, not a scatter.
/// Layout:    dx [outer, planes, rows, columns], cotangents and positions [outer, windows of each axis], dense; neighbours take neighbouring elements.
/// Limit:     bandwidth: one write of dx, and one read of 8 bytes and of a cotangent for each window; more where windows overlap, out of the caches.
/// Order:     that of the windows, no atomics: equal bits on every run.
/// Reference: in the tests, the plain loops.
/// </remarks>
public sealed class WindowGradientKernel<T>(Accelerator accelerator)
    where T : unmanaged, INumber<T>
{
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<long>, ArrayView<T>, WindowAxes> launch =
        accelerator.LoadKernel<ArrayView<T>, ArrayView<long>, ArrayView<T>, WindowAxes>(Kernel, Grids.Specialization(accelerator));

    /// <summary>Enqueues dx.</summary>
    public void Launch(AcceleratorStream stream, ArrayView<T> cotangents, ArrayView<long> positions, ArrayView<T> dx, WindowAxes axes)
    {
        if (dx.Length == 0) return;
        launch(stream, Grids.Over(accelerator, dx.Length), cotangents, positions, dx, axes);
    }

    private static void Kernel(ArrayView<T> cotangents, ArrayView<long> positions, ArrayView<T> dx, WindowAxes axes)
    {
        var at = Grids.Thread;
        if (at >= dx.Length) return;
        var inPlane = new SlicePlace(at, axes.Row.Elements, axes.Column.Elements);
        var ofPlane = new SlicePlace(inPlane.Outer, axes.Plane.Elements, 1);
        int column = (int)inPlane.Inner, row = (int)inPlane.Slice, plane = (int)ofPlane.Slice;
        int first = axes.Column.FirstOver(column), last = axes.Column.LastOver(column);
        int firstRow = axes.Row.FirstOver(row), lastRow = axes.Row.LastOver(row), lastPlane = axes.Plane.LastOver(plane);

        var sum = T.Zero;
        for (var p = axes.Plane.FirstOver(plane); p <= lastPlane; p++)
        {
            for (var r = firstRow; r <= lastRow; r++)
            {
                var line = ((ofPlane.Outer * axes.Plane.Windows + p) * axes.Row.Windows + r) * axes.Column.Windows;
                for (var c = first; c <= last; c++)
                {
                    if (positions[line + c] == at) sum += cotangents[line + c]; // with dilation some windows only span the element
                }
            }
        }

        dx[at] = sum;
    }
}
