using ILGPU.Runtime;

namespace Noether.Devices.Ilgpu;

/// <content>What comes from the host.</content>
internal sealed partial class IlgpuDevice
{
    /// <summary>What is smaller takes as long to order beside the kernels as to copy between them.</summary>
    internal const int LeastBeside = 256 << 10;

    private StagingRing? staging;
    private (StagingRing Ring, UploadOrder Order)? beside;
    private long ticketOfFreed = -1; // of memory that has no block: a new block there waits for it

    internal override void Upload(ReadOnlySpan<byte> source, Storage destination) => Upload(source, destination, 0, source.Length >= LeastBeside ? beside : null);

    // Between the kernels, or beside them.
    private void Upload(ReadOnlySpan<byte> source, Storage destination, long offset, (StagingRing Ring, UploadOrder Order)? way = null)
    {
        if (source.IsEmpty) return;
        var block = Block(destination).SubView(offset, source.Length);
        lock (queue)
        {
            Cross("upload");
            try
            {
                if (way is { } apart)
                {
                    apart.Order.Begin(DeviceMemory.TicketOf(destination.Handle));
                    apart.Ring.Upload(source, block);
                    apart.Order.End();
                }
                else if (staging is { } ring)
                {
                    ring.Upload(source, block);
                }
                else
                {
                    block.CopyFromCPU(Stream, source);
                    Stream.Synchronize();
                }
            }
            catch (Exception error) when (DeviceFailure.Is(error))
            {
                throw Failed("upload", error);
            }
        }
    }

    internal override View NewUploadView(Shape shape, DType type) =>
        beside is { Order: var order } && shape.Size * type.Bytes() >= LeastBeside
            ? new(Pool.RentFit(shape.Size, type.Bytes(), ContentOf(shape, type), block => order.IsSettled(DeviceMemory.TicketOf(block))), Layout.Contiguous(shape), type)
            : NewView(shape, type);

    private protected override void Returned(nint handle)
    {
        if (beside is { } way) DeviceMemory.SetTicket(handle, way.Order.Ticket);
    }
}
