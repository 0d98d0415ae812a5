using Noether.Devices;
using Noether.Primitives;

namespace Noether;

public abstract partial class Device
{
    /// <summary>y = the function of each row of x, contiguous [outer, n, inner] with n the row; the gradients' second operand is z.</summary>
    internal virtual void MapRows(RowFunction function, View x, View? z, View y, long outer, long n, long inner) =>
        throw new DeviceException($"{function}: {this} has no kernel for it");

    /// <summary>Losses and logarithms of sums of each row of logits x: see <see cref="Primitives.CrossEntropy"/>.</summary>
    internal virtual void CrossEntropy(CrossEntropy loss, View x, View classes, View losses, View sums) =>
        throw new DeviceException($"CrossEntropy: {this} has no kernel for it");

    /// <summary>The logits' gradient: see <see cref="Primitives.CrossEntropyGradient"/>.</summary>
    internal virtual void CrossEntropyGradient(CrossEntropyGradient gradient, View x, View classes, View sums, View cotangents, View dx) =>
        throw new DeviceException($"CrossEntropyGradient: {this} has no kernel for it");

    /// <summary>Normalises rows: see <see cref="Primitives.LayerNorm"/>; x is (x) or (x, weight, bias), y is (y, means, scales).</summary>
    internal virtual void LayerNorm(LayerNorm norm, View[] x, View[] y) =>
        throw new DeviceException($"LayerNorm: {this} has no kernel for it");

    /// <summary>The gradient: see <see cref="Primitives.LayerNormGradient"/> for operands and results.</summary>
    internal virtual void LayerNormGradient(LayerNormGradient gradient, View[] x, View[] y) =>
        throw new DeviceException($"LayerNormGradient: {this} has no kernel for it");

    /// <summary>The variance over neighbouring axes of contiguous x: see <see cref="Primitives.Variance"/>.</summary>
    internal virtual void Variance(Variance variance, View x, View y) => throw new DeviceException($"Variance: {this} has no kernel for it");
}
