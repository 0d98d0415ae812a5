using Noether.Devices;
using Noether.Primitives;

namespace Noether;

public abstract partial class Device
{
    /// <summary>Normalises channels: see <see cref="Primitives.BatchNormalization"/> for operands and results.</summary>
    internal virtual void BatchNormalization(BatchNormalization norm, View[] x, View[] y) =>
        throw new DeviceException($"BatchNormalization: {this} has no kernel for it");

    /// <summary>The gradient: see <see cref="Primitives.BatchNormalizationGradient"/> for operands and results.</summary>
    internal virtual void BatchNormalizationGradient(BatchNormalizationGradient gradient, View[] x, View[] y) =>
        throw new DeviceException($"BatchNormalizationGradient: {this} has no kernel for it");
}
