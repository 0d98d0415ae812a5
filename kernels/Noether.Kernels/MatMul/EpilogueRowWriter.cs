using System.Numerics;
using System.Runtime.CompilerServices;

namespace Noether.Kernels.MatMul;

/// <summary>Hands rows of a product to an epilogue.</summary>
internal struct EpilogueRowWriter<T, TEpilogue> : IRowWriter<T>
    where T : unmanaged, INumber<T>
    where TEpilogue : struct, IProductEpilogue<T>
{
    public MatrixOrder Order;
    public TEpilogue Epilogue;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Write(Four<T> x, int row, int column)
    {
        if (row < Order.Rows) EpilogueWriter<T, MatrixOrder, TEpilogue>.Write(x, default, Order, Epilogue, row, column);
    }
}
