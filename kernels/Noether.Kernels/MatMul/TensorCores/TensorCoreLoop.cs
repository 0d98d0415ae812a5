using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime.Cuda;

namespace Noether.Kernels.MatMul;

/// <summary>What all kernels of tensor cores do: multiply, and hand the finished tile to whatever makes something of it.</summary>
internal static class TensorCoreLoop<TNumber, TLeft, TRight, TEdges>
    where TNumber : struct, ITensorCoreNumber
    where TLeft : struct, IFactorOrder
    where TRight : struct, IFactorOrder
    where TEdges : struct, IProductEdges
{
    /// <summary>Makes the tile at a place. Its texts declare their registers: a kernel calls it once.</summary>
    /// <param name="left">The left matrices.</param>
    /// <param name="right">The right matrices.</param>
    /// <param name="sizes">Their sizes.</param>
    /// <param name="place">The tile.</param>
    /// <param name="writer">Takes the tile's rows, four neighbours at a time and a warp a row.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TWriter>(TensorCoreFactor left, TensorCoreFactor right, ProductSizes sizes, ProductPlace place, TWriter writer)
        where TWriter : struct, IRowWriter<float>
    {
        var shared = SharedMemory.GetDynamic<Four<float>>();
        CudaAsm.Emit(MultiplyText.Declare);
        CudaAsm.Emit(CopyText.Base);

        var leftCopy = TensorCoreCopy<TNumber, TLeft, TEdges>.Of(
            left, place.Matrix, left.Layout.RowStride, left.Layout.ColumnStride, place.Row, sizes.Rows, place.Begin, place.End, 0);
        var rightCopy = TensorCoreCopy<TNumber, TRight, TEdges>.Of(
            right, place.Matrix, right.Layout.ColumnStride, right.Layout.RowStride, place.Column, sizes.Columns, place.Begin, place.End, TensorCoreTile.FactorBytes);
        var depth = TensorCoreTile.Depth<TNumber>();
        var next = place.Begin; // the depth of the next copy
        if (next < place.End)
        {
            leftCopy.Enqueue(0);
            rightCopy.Enqueue(0);
        }

        CudaAsm.Emit(CopyText.Commit);
        next += depth;
        leftCopy = TensorCoreCopy<TNumber, TLeft, TEdges>.Advance(leftCopy);
        rightCopy = TensorCoreCopy<TNumber, TRight, TEdges>.Advance(rightCopy);
        if (next < place.End)
        {
            leftCopy.Enqueue(TensorCoreTile.StageBytes);
            rightCopy.Enqueue(TensorCoreTile.StageBytes);
        }

        CudaAsm.Emit(CopyText.Commit);
        CudaAsm.Emit(MultiplyText.Clear);
        var leftPlace = TensorCoreTile.LeftPlace<TNumber, TLeft>(Group.IdxX);
        var rightPlace = TensorCoreTile.FactorBytes + TensorCoreTile.RightPlace<TNumber, TRight>(Group.IdxX);
        int from = 0, to = 2 * TensorCoreTile.StageBytes;
        for (var k = place.Begin; k < place.End; k += depth)
        {
            CudaAsm.Emit(CopyText.Wait);
            Group.Barrier(); // everyone's part of this stage is there, and everyone is done with the one before, which is overwritten now
            next += depth;
            leftCopy = TensorCoreCopy<TNumber, TLeft, TEdges>.Advance(leftCopy);
            rightCopy = TensorCoreCopy<TNumber, TRight, TEdges>.Advance(rightCopy);
            if (next < place.End)
            {
                leftCopy.Enqueue(to);
                rightCopy.Enqueue(to);
            }

            CudaAsm.Emit(CopyText.Commit);
            Multiply(from + leftPlace, from + rightPlace, 0);
            Multiply(from + leftPlace, from + rightPlace, 1);
            Multiply(from + leftPlace, from + rightPlace, 2);
            Multiply(from + leftPlace, from + rightPlace, 3);
            from = Following(from);
            to = Following(to);
        }

        Group.Barrier();
        CudaAsm.Emit(CopyText.Result, TensorCoreTile.ResultPlace(Group.IdxX));
        CudaAsm.Emit(MultiplyText.Store);
        Group.Barrier();
        const int Fours = TensorCoreTile.Lines / 4;
        for (var at = Group.IdxX; at < TensorCoreTile.Lines * Fours; at += TensorCoreTile.Threads)
        {
            int line = at / Fours, four = at % Fours;
            writer.Write(shared[line * (TensorCoreTile.ResultStride / 4) + four], place.Row + line, place.Column + four * 4);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Following(int stage) => stage == (TensorCoreTile.Stages - 1) * TensorCoreTile.StageBytes ? 0 : stage + TensorCoreTile.StageBytes;

    // One step of 32 bytes of the depth.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply(int leftPlace, int rightPlace, int step)
    {
        if (TLeft.IsAlongDepth)
        {
            CudaAsm.Emit(FragmentText.LeftPlace, leftPlace ^ (step * 32));
            CudaAsm.Emit(FragmentText.LeftAlongDepth);
        }
        else
        {
            var at = step * 4096;
            CudaAsm.Emit(FragmentText.LeftPlaces, at + leftPlace, at + (leftPlace ^ 32), at + (leftPlace ^ 64), at + (leftPlace ^ 96));
            if (TNumber.Bytes == 2) CudaAsm.Emit(FragmentText.LeftAcrossLinesBFloat16);
            else CudaAsm.Emit(FragmentText.LeftAcrossLinesTf32);
        }

        if (TRight.IsAlongDepth)
        {
            CudaAsm.Emit(FragmentText.RightPlace, rightPlace ^ (step * 32));
            CudaAsm.Emit(FragmentText.RightAlongDepth);
        }
        else
        {
            var at = step * 4096;
            CudaAsm.Emit(FragmentText.RightPlaces, at + rightPlace, at + (rightPlace ^ 32), at + (rightPlace ^ 64), at + (rightPlace ^ 96));
            if (TNumber.Bytes == 2) CudaAsm.Emit(FragmentText.RightAcrossLinesBFloat16);
            else CudaAsm.Emit(FragmentText.RightAcrossLinesTf32);
        }

        if (TNumber.Bytes == 2)
        {
            CudaAsm.Emit(MultiplyText.BFloat16);
        }
        else
        {
            CudaAsm.Emit(MultiplyText.Round);
            CudaAsm.Emit(MultiplyText.Tf32);
        }
    }
}
