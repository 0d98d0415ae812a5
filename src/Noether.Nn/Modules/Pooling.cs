namespace Noether.Nn;

/// <summary>Joins windows over the last axes of [batch, channels, space…] into one value each.</summary>
public abstract record Pooling : Module
{
    /// <inheritdoc/>
    public sealed override Parameters Init(RandomKey key, DType type = DType.Float32) => Parameters.Empty;
}
