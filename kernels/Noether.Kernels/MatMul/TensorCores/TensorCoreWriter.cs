using System.Runtime.CompilerServices;
using ILGPU.Runtime.Cuda;

namespace Noether.Kernels.MatMul;

/// <summary>Writes a product to a dense matrix of float32, or adds it; or rounds it to a matrix of bfloat16.</summary>
internal struct TensorCoreWriter<TEdges> : IRowWriter<float>
    where TEdges : struct, IProductEdges
{
    public MatrixWriter<float, TEdges> Wide;
    public long Narrow; // where the bfloat16 results begin on the GPU, or 0

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Write(Four<float> x, int row, int column)
    {
        if (Narrow == 0)
            Wide.Write(x, row, column);
        else if (!TEdges.AreGuarded || (row < Wide.Sizes.Rows && column < Wide.Sizes.Columns))
            CudaAsm.Emit(CopyText.Narrow, Narrow + (Wide.Start + (long)row * Wide.Sizes.Columns + column) * sizeof(ushort), x.X, x.Y, x.Z, x.W);
    }
}
