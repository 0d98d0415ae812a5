using ILGPU;

namespace Noether.Devices.Ilgpu;

/// <summary>Host memory that a device copies from by itself while the host goes on.</summary>
internal interface IStagingChunk
{
    /// <summary>The memory.</summary>
    Span<byte> Bytes { get; }

    /// <summary>Queues a copy of the bytes from <paramref name="start"/> that fill <paramref name="destination"/>.</summary>
    void Send(int start, ArrayView<byte> destination);

    /// <summary>Marks the end of what has been queued.</summary>
    void Mark();

    /// <summary>Waits until the device has passed the mark; at once if there is none.</summary>
    void Wait();
}
