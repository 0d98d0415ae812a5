namespace Noether.Kernels;

/// <summary>One accelerator that is present.</summary>
/// <param name="Kind">Who drives it.</param>
/// <param name="Index">Its number among its kind, from 0.</param>
/// <param name="Name">As the driver calls it.</param>
/// <param name="Memory">Bytes of its memory.</param>
/// <param name="IsProcessor">True if the processor itself poses as an accelerator (PoCL): good for tests, never a default.</param>
public sealed record AcceleratorEntry(AcceleratorKind Kind, int Index, string Name, long Memory, bool IsProcessor)
{
    /// <summary>For instance <c>cuda:0 (NVIDIA H100, 80 GiB)</c>.</summary>
    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()}:{Index} ({Name}, {Memory / (double)(1L << 30):0.#} GiB)";
}
