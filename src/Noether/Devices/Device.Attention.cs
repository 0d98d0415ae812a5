using Noether.Devices;
using Noether.Primitives;

namespace Noether;

public abstract partial class Device
{
    /// <summary>Attention forward; inputs in any layout. By default refused: plans use the definition.</summary>
    internal virtual void Attend(Attention attention, View[] x, View[] y) => throw new DeviceException($"Attention: {this} has no kernel for it");

    /// <summary>Attention's tangent; inputs in any layout. By default refused: plans use the definition.</summary>
    internal virtual void AttendTangent(AttentionTangent tangent, View[] x, View[] y) =>
        throw new DeviceException($"AttentionTangent: {this} has no kernel for it");

    /// <summary>Attention backward; inputs in any layout. By default refused: plans use the definition.</summary>
    internal virtual void AttendBackward(AttentionGradient gradient, View[] x, View[] y) =>
        throw new DeviceException($"AttentionGradient: {this} has no kernel for it");

    /// <summary>Attention among the weights that meet in a layer of neurons; all contiguous. By default refused: plans use the definition.</summary>
    internal virtual void AttendNeurons(NeuronAttention attention, View[] x, View[] y) =>
        throw new DeviceException($"NeuronAttention: {this} has no kernel for it");
}
