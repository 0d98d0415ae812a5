using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using Buffer = ILGPU.Runtime.MemoryBuffer1D<byte, ILGPU.Stride1D.Dense>;
using Piece = Noether.Devices.SlabAllocator<ILGPU.Runtime.MemoryBuffer1D<byte, ILGPU.Stride1D.Dense>>.Piece;

namespace Noether.Devices.Ilgpu;

/// <summary>An accelerator's memory in slabs. Blocks are known by GC handles of their pieces. The pool's gate protects it.</summary>
/// <remarks>
/// Blocks go back without waiting for kernels that still read them: who writes them next is queued later on the same stream. Only a slab that goes
/// back to the driver waits.
/// </remarks>
internal sealed class DeviceMemory(Accelerator accelerator, AcceleratorStream stream)
{
    private readonly SlabAllocator<Buffer> slabs = new(
        bytes => Reserve(accelerator, bytes),
        buffer =>
        {
            stream.Synchronize();
            buffer.Dispose();
        });

    /// <summary>Bytes taken from the driver.</summary>
    public long Reserved => slabs.Reserved;

    /// <summary>The bytes of a block.</summary>
    public static ArrayView<byte> View(nint handle)
    {
        var piece = (Piece)GCHandle.FromIntPtr(handle).Target!;
        return piece.Memory.View.BaseView.SubView(piece.Start, piece.Size);
    }

    /// <summary>The slab that a block is in, and where the block begins in it.</summary>
    public static (Buffer Slab, long Start) Place(nint handle)
    {
        var piece = (Piece)GCHandle.FromIntPtr(handle).Target!;
        return (piece.Memory, piece.Start);
    }

    /// <summary>The ticket of a block.</summary>
    public static long TicketOf(nint handle) => ((Piece)GCHandle.FromIntPtr(handle).Target!).Ticket;

    /// <summary>Gives a block a ticket.</summary>
    public static void SetTicket(nint handle, long ticket) => ((Piece)GCHandle.FromIntPtr(handle).Target!).Ticket = ticket;

    /// <summary>A block, or 0 if there is none.</summary>
    /// <param name="bytes">Of the block.</param>
    /// <param name="limit">The most that may be reserved.</param>
    /// <exception cref="AcceleratorException">The driver fails for another reason than room.</exception>
    public nint Allocate(long bytes, long limit) => slabs.Allocate(bytes, limit) is { } piece ? GCHandle.ToIntPtr(GCHandle.Alloc(piece)) : 0;

    public void Free(nint handle)
    {
        var known = GCHandle.FromIntPtr(handle);
        slabs.Free((Piece)known.Target!);
        known.Free();
    }

    /// <summary>Gives slabs without blocks back to the driver.</summary>
    public void Trim() => slabs.Trim();

    /// <summary>True if the driver says that it has no room, and is well otherwise.</summary>
    public static bool IsOutOfMemory(Exception error) => error switch
    {
        OutOfMemoryException => true,
        CudaException cuda => cuda.Error == nameof(CudaError.CUDA_ERROR_OUT_OF_MEMORY),
        CLException openCL => openCL.Error is CLError.CL_MEM_OBJECT_ALLOCATION_FAILURE or CLError.CL_OUT_OF_RESOURCES or CLError.CL_OUT_OF_HOST_MEMORY
            or CLError.CL_INVALID_BUFFER_SIZE,
        _ => false,
    };

    private static Buffer? Reserve(Accelerator accelerator, long bytes)
    {
        try
        {
            return accelerator.Allocate1D<byte>(bytes);
        }
        catch (Exception error) when (IsOutOfMemory(error))
        {
            return null;
        }
    }
}
