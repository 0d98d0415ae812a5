namespace Noether.Kernels.MatMul;

/// <summary>A factor of products on tensor cores: its memory by address, for copies to shared memory know no views.</summary>
public struct TensorCoreFactor
{
    /// <summary>Where the memory begins on the GPU, a multiple of 16.</summary>
    public long Address;

    /// <summary>Where its matrices lie, in elements; their rows or their columns begin at multiples of 16 bytes.</summary>
    public MatrixLayout Layout;
}
