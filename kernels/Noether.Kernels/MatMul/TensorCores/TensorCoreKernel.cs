using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using Noether.Kernels.Cuda;

namespace Noether.Kernels.MatMul;

/// <summary><c>C[b] = A[b]·B[b]</c> on tensor cores, the sums in float32; CUDA from compute capability 8.0 on.</summary>
/// <typeparam name="TNumber">What the factors are and how they are read.</typeparam>
/// <typeparam name="TLeft">Whether A's neighbours lie side by side along the depth (row-major) or across lines.</typeparam>
/// <typeparam name="TRight">The same for B (along the depth is column-major).</typeparam>
/// <typeparam name="TEdges">Whether bounds are checked.</typeparam>
/// <remarks>
/// Algorithm: a group of four warps makes a tile of 128 x 128, a warp 64 x 64 of it in 128 registers. Stages of 128 bytes of the depth come by cp.async into
///            a ring of three; a stage is four steps, a step 4 + 4 ldmatrix and 32 mma.sync (m16n8k8 TF32, m16n8k16 bfloat16). The finished tile goes through
///            shared memory, so that C is written in whole lines by code that knows no fragments.
/// Layout:    A [batch, rows, inner], B [batch, inner, columns] by <see cref="TensorCoreFactor"/>, transposed or broadcast without copies; C dense
///            row-major, [parts, batch, rows, columns] if the inner size is split. Shared memory by <see cref="TensorCoreTile"/>.
/// Cost:      2·rows·inner·columns operations a product. A step's 32 mma of a warp read 4 KiB of shared memory and a quarter of a stage is written for them: with
///            64 x 64 elements a warp that is 0.75 of the time that the cores take at their peak, with 64 x 32 it would be all of it. A tile of 128 x 128 reads a byte
///            of global memory for 32 operations of TF32, 64 of bfloat16.
/// Limit:     the rate of mma.sync, on Hopper some 60 % of what its own wgmma reaches. Two groups share a multiprocessor: one multiplies while the other
///            waits or writes.
/// Order:     each sum runs along the inner size in the cores' order: equal bits on every run of a GPU, but not those of a sequential sum.
/// Reference: <see cref="MatMulReference"/> of rounded factors.
/// </remarks>
public sealed class TensorCoreKernel<TNumber, TLeft, TRight, TEdges>
    where TNumber : struct, ITensorCoreNumber
    where TLeft : struct, IFactorOrder
    where TRight : struct, IFactorOrder
    where TEdges : struct, IProductEdges
{
    private readonly Accelerator accelerator;
    private readonly Action<AcceleratorStream, KernelConfig, TensorCoreFactor, TensorCoreFactor, ArrayView<float>, long, ProductSizes> launch;

    /// <summary>Loads the kernel and allows it the shared memory that it takes.</summary>
    /// <exception cref="NotSupportedException">The accelerator is not CUDA.</exception>
    public TensorCoreKernel(Accelerator accelerator)
    {
        this.accelerator = accelerator;
        var method = new Action<TensorCoreFactor, TensorCoreFactor, ArrayView<float>, long, ProductSizes>(Kernel).Method;
        var loaded = KernelLoading.Load(accelerator, method, new KernelSpecialization(TensorCoreTile.Threads, null));
        if (loaded is not CudaKernel kernel) throw new NotSupportedException($"MatMul: {accelerator.Name} has no tensor cores that PTX reaches");
        Driver.AllowSharedMemory(kernel, TensorCoreTile.SharedBytes);
        launch = loaded.CreateLauncherDelegate<Action<AcceleratorStream, KernelConfig, TensorCoreFactor, TensorCoreFactor, ArrayView<float>, long, ProductSizes>>();
    }

    /// <summary>Enqueues the products.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="left">The left matrices.</param>
    /// <param name="right">The right matrices.</param>
    /// <param name="c">The results' memory; from <see cref="ProductSizes.Start"/> on it is overwritten, or added to.</param>
    /// <param name="narrow">Where bfloat16 results begin on the GPU, instead of them, each rounded once and none added; columns are multiples of 4. Else 0.</param>
    /// <param name="sizes">Sizes; a part's chunk is a multiple of a stage's depth.</param>
    public void Launch(
        AcceleratorStream stream, in TensorCoreFactor left, in TensorCoreFactor right, ArrayView<float> c, long narrow, in ProductSizes sizes)
    {
        var groups = ProductPlace.Groups(sizes, TensorCoreTile.Lines);
        if (groups == 0) return;
        var grid = Grids.Fixed(accelerator, "MatMul", groups, TensorCoreTile.Threads);
        var config = new KernelConfig(grid.GridDim, grid.GroupDim, SharedMemoryConfig.RequestDynamic<Four<float>>(TensorCoreTile.SharedBytes / 16));
        launch(stream, config, left, right, c, narrow, sizes);
    }

    private static void Kernel(TensorCoreFactor left, TensorCoreFactor right, ArrayView<float> c, long narrow, ProductSizes sizes)
    {
        var shared = SharedMemory.GetDynamic<Four<float>>();
        CudaAsm.Emit(MultiplyText.Declare);
        CudaAsm.Emit(CopyText.Base);

        var place = ProductPlace.Of(sizes, TensorCoreTile.Lines);
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
        Write(shared, c, narrow, sizes, place);
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

    // A warp writes a row of the tile at a time.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(ArrayView<Four<float>> shared, ArrayView<float> c, long narrow, ProductSizes sizes, ProductPlace place)
    {
        const int Fours = TensorCoreTile.Lines / 4;
        var writer = new MatrixWriter<float, TEdges> { Output = c, Start = place.Start, Sizes = sizes };
        for (var at = Group.IdxX; at < TensorCoreTile.Lines * Fours; at += TensorCoreTile.Threads)
        {
            int line = at / Fours, four = at % Fours;
            int row = place.Row + line, column = place.Column + four * 4;
            var x = shared[line * (TensorCoreTile.ResultStride / 4) + four];
            if (narrow == 0)
                writer.Write(x, row, column);
            else if (!TEdges.AreGuarded || (row < sizes.Rows && column < sizes.Columns))
                CudaAsm.Emit(CopyText.Narrow, narrow + (place.Start + (long)row * sizes.Columns + column) * sizeof(ushort), x.X, x.Y, x.Z, x.W);
        }
    }
}
