using ILGPU.Runtime.Cuda;

namespace Noether.Kernels.Cuda;

/// <summary>Work of one stream, recorded once and launched as a whole: a fraction of a microsecond a kernel instead of several.</summary>
/// <remarks>
/// Addresses and arguments are those of the recording. Between its start and end the stream takes no synchronisation and no kernel is loaded for
/// the first time: run the work once before. Two launches on one stream run one after the other.
/// </remarks>
public sealed class CudaGraph : IDisposable
{
    private readonly CudaStream stream;
    private nint executable;

    private CudaGraph(CudaStream stream, nint executable) => (this.stream, this.executable) = (stream, executable);

    /// <summary>Gives the graph back when nobody holds it.</summary>
    ~CudaGraph() => Destroy();

    /// <summary>Records what <paramref name="work"/> queues on the stream; nothing of it runs.</summary>
    /// <exception cref="CudaDriverException">The driver does not record it: <paramref name="work"/> waited, or queued what a graph cannot hold.</exception>
    public static CudaGraph Capture(CudaStream stream, Action work)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(work);
        stream.Accelerator.Bind();
        Driver.BeginCapture(stream);
        try
        {
            work();
        }
        catch
        {
            // A stream stays in capture until it is ended, whatever the end gives.
            if (Driver.EndCapture(stream, out var spoilt) == CudaResult.Success && spoilt != 0) Driver.DestroyGraph(spoilt);
            throw;
        }

        Driver.Check(Driver.EndCapture(stream, out var graph), "cuStreamEndCapture");
        try
        {
            return new(stream, Driver.Instantiate(graph));
        }
        finally
        {
            Driver.DestroyGraph(graph);
        }
    }

    /// <summary>Queues the recorded work.</summary>
    /// <exception cref="CudaDriverException">The driver refuses.</exception>
    public void Launch()
    {
        ObjectDisposedException.ThrowIf(executable == 0, this);
        stream.Accelerator.Bind();
        Driver.Launch(executable, stream);
    }

    /// <summary>Frees the graph; launches that are queued still run.</summary>
    public void Dispose()
    {
        Destroy();
        GC.SuppressFinalize(this);
    }

    private void Destroy()
    {
        if (Interlocked.Exchange(ref executable, 0) is var handle and not 0 && !stream.IsDisposed) Driver.DestroyExecutable(handle);
    }
}
