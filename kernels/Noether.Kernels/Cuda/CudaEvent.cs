using ILGPU.Runtime.Cuda;

namespace Noether.Kernels.Cuda;

/// <summary>A mark in a stream that the host can wait for, without waiting for what is queued behind it.</summary>
public sealed class CudaEvent : IDisposable
{
    private readonly CudaStream stream;
    private nint handle;

    /// <summary>An event that nothing is recorded in yet: waiting for it does not wait.</summary>
    /// <exception cref="CudaDriverException">The driver refuses.</exception>
    public CudaEvent(CudaStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        this.stream = stream;
        stream.Accelerator.Bind();
        handle = Driver.CreateEvent();
    }

    /// <summary>Puts the mark behind what is queued.</summary>
    /// <exception cref="CudaDriverException">An earlier kernel faulted.</exception>
    public void Record()
    {
        stream.Accelerator.Bind();
        Driver.Record(handle, stream);
    }

    /// <summary>Waits until the stream has passed the mark.</summary>
    /// <exception cref="CudaDriverException">A kernel before it faulted.</exception>
    public void Wait()
    {
        stream.Accelerator.Bind();
        Driver.Wait(handle);
    }

    /// <summary>Lets another stream, whose accelerator is bound, go on only when this event's stream has passed the mark.</summary>
    /// <exception cref="CudaDriverException">The driver refuses.</exception>
    public void HoldBack(CudaStream other) => Driver.HoldBack(other, handle);

    /// <summary>Frees the event; who waits for it still does.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref handle, 0) is var old and not 0) Driver.DestroyEvent(old);
    }
}
