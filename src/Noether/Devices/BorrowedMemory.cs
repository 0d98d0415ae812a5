using System.Buffers;

namespace Noether.Devices;

/// <summary>Memory that belongs to the caller, pinned as long as a tensor shows it.</summary>
internal sealed class BorrowedMemory : IBlockOwner
{
    // What a device's own blocks have behind them (see MemoryPool): kernels may load a last vector whole.
    private const int Slack = 64;

    private MemoryHandle pin;

    private BorrowedMemory(MemoryHandle pin) => this.pin = pin;

    /// <summary>
    /// A storage on pinned memory, or null if a vector loaded at its end might leave the page: what follows on the same page can always be
    /// read, what follows on the next may not be there. The pin is then undone.
    /// </summary>
    public static Storage? Storage(MemoryHandle pin, nint handle, Device device, long bytes)
    {
        var page = Environment.SystemPageSize;
        if (bytes == 0 || (handle + bytes - 1) / page != (handle + bytes - 1 + Slack) / page)
        {
            pin.Dispose();
            return null;
        }

        var storage = new Storage(new BorrowedMemory(pin), device, handle, bytes, capacity: 0);
        storage.Keep(); // the lender holds it too: the block is never donated and so never written
        return storage;
    }

    public void Return(nint handle, long capacity) => pin.Dispose();
}
