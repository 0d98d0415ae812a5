using ILGPU;
using Noether.Kernels.Copies;

namespace Noether.Kernels.MatMul;

/// <summary>The operands of a program that ends a product, as <see cref="Elementwise.ElementwiseKernel.Launch"/> takes them.</summary>
public readonly ref struct EpilogueOperands
{
    /// <summary>The inputs' bytes, in the program's order; those of the product itself are not looked at.</summary>
    public required ReadOnlySpan<ArrayView<byte>> Inputs { get; init; }

    /// <summary>An index map for each input that has one.</summary>
    public required ReadOnlySpan<IndexMap> Maps { get; init; }

    /// <summary>The outputs' bytes.</summary>
    public required ReadOnlySpan<ArrayView<byte>> Outputs { get; init; }

    /// <summary>The numbers' bits.</summary>
    public ReadOnlySpan<long> Numbers { get; init; }
}
