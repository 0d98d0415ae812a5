namespace Noether.Devices.Host;

/// <summary>What attention's tangent reads beside the forward pass's operands; the numbers of a row are dense [matrices, m].</summary>
internal sealed unsafe class AttentionTangents<T>
    where T : unmanaged
{
    public required AttentionRows<T> Output { get; init; }

    public required T* Sums { get; init; }

    public required AttentionRows<T> Query { get; init; }

    public required AttentionRows<T> Key { get; init; }

    public required AttentionRows<T> Value { get; init; }
}
