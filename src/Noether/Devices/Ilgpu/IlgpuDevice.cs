using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using Noether.Graphs;
using Noether.Kernels;
using Noether.Kernels.MatMul;

namespace Noether.Devices.Ilgpu;

/// <summary>A CUDA or OpenCL device, or ILGPU's simulator of one: launches the kernels of <c>Noether.Kernels</c>.</summary>
/// <remarks>
/// Work is queued on one stream in the order of the evaluation; the host waits only where it reads a value. An upload is copied to page-locked memory
/// first (<see cref="StagingRing"/>), on devices that have it, and large ones go on from there beside the kernels (<see cref="UploadOrder"/>); on others it
/// waits, for its source is only lent. A block that returns to the pool while
/// kernels still read it may be handed out again: whoever writes it comes later on the stream. Blocks are pieces of slabs
/// (<see cref="DeviceMemory"/>). The accelerator starts at first use.
/// What differs from the host: an index outside its axis is clamped (gathers) or dropped (scatters) instead of throwing, for a kernel cannot throw.
/// </remarks>
internal sealed partial class IlgpuDevice : Device, IWorkRecorder
{
    // Garbage may take this part of the memory before it is looked for: fresh blocks cost nothing here but room.
    private const int ShareOfGarbage = 64;

    private const long RoomForTables = 64L << 20;

    private readonly Lazy<Session> session;
    private readonly QueuedSteps queued = new();
    private readonly Lock queue = new(); // nothing else may be queued while work is recorded
    private IWorkRecorder? capture;
    private bool isRecording;

    public IlgpuDevice(string name, Func<Accelerator> start)
        : base(name) =>
        session = new(() =>
        {
            var accelerator = start();
            if (accelerator.AcceleratorType != AcceleratorType.CPU)
            {
                Pool.Budget = accelerator.MemorySize / 10 * 9;
                Pool.CollectsEvery = Math.Max(Pool.CollectsEvery, Pool.Budget / ShareOfGarbage);
            }

            var stream = accelerator.CreateStream();
            if (stream is CudaStream cuda)
            {
                capture = new CudaRecorder(cuda);
                var copies = (CudaStream)accelerator.CreateStream();
                staging = new(() => new PageLockedChunk(cuda, StagingRing.ChunkBytes), StagingRing.ChunkCount);
                beside = (new(() => new PageLockedChunk(copies, StagingRing.ChunkBytes), StagingRing.ChunkCount), new(new CudaCopyMarks(cuda, copies)));
            }

            var kernels = new KernelCache(accelerator);
            var tensorCores = TensorCoreChoice.Supports(accelerator) ? new TensorCoreKernels(kernels) : null;
            return new(kernels, stream, new(accelerator, stream), new(accelerator, stream, RoomForTables), tensorCores);
        });

    private KernelCache Kernels => session.Value.Kernels;

    private Accelerator Accelerator => Kernels.Accelerator;

    private AcceleratorStream Stream => session.Value.Stream;

    // Processors that run OpenCL may lack shuffles; the simulator makes each of barriers.
    private bool Shuffles => Accelerator.AcceleratorType == AcceleratorType.Cuda;

    /// <summary>Makes sure that the accelerator runs.</summary>
    /// <exception cref="AcceleratorAbsentException">It is not there, or its driver refuses it.</exception>
    public void Start() => _ = session.Value;

    internal override void Download(Storage source, long offset, Span<byte> destination)
    {
        if (destination.IsEmpty) return;
        Cross("download");
        try
        {
            Block(source).SubView(offset, destination.Length).CopyToCPU(Stream, destination);
            Wait();
        }
        catch (Exception error) when (DeviceFailure.Is(error))
        {
            throw Failed("download", error); // also where a kernel's own failure shows
        }
    }

    internal override void Run(Call call)
    {
        queued.Add(call.Step);
        Named(call, () => call.Run(this));
    }

    // Says which step an accelerator's error comes from.
    private void Named(Call call, Action work)
    {
        try
        {
            work();
        }
        catch (Exception error) when (DeviceFailure.Is(error))
        {
            var operands = string.Join(", ", call.X.Select(static x => x.TensorType));
            throw new DeviceException($"{this}: {DeviceFailure.Describe($"{call.Step.Name}({operands})", error, Accelerator)}", error);
        }
    }

    internal override IWorkRecorder? Recorder => session.Value is { } && capture is not null ? this : null;

    /// <summary>Lets tests record without CUDA, and upload through chunks of their own.</summary>
    internal void Replace(IWorkRecorder? recorder, StagingRing? ring, (StagingRing Ring, UploadOrder Order)? besideWork = null) =>
        (capture, staging, beside) = (recorder, ring, besideWork);

    IRecordedWork IWorkRecorder.Record(Action work)
    {
        lock (queue)
        {
            isRecording = true;
            try
            {
                return capture!.Record(work);
            }
            finally
            {
                isRecording = false;
            }
        }
    }

    internal override long Reserved => session.IsValueCreated ? session.Value.Memory.Reserved : 0;

    // 0 where the device has no memory left: the pool then looks for some.
    private protected override nint AllocateBlock(long bytes)
    {
        try
        {
            var handle = session.Value.Memory.Allocate(bytes, Pool.Budget);
            if (handle != 0) DeviceMemory.SetTicket(handle, ticketOfFreed);
            return handle;
        }
        catch (Exception error) when (DeviceFailure.Is(error))
        {
            throw Failed("allocation", error);
        }
    }

    private protected override void FreeBlock(nint handle, long bytes)
    {
        if (beside is { } way) ticketOfFreed = way.Order.Ticket;
        session.Value.Memory.Free(handle);
    }

    private protected override void ReleaseIdle()
    {
        if (!session.IsValueCreated) return;
        try
        {
            session.Value.Memory.Trim();
        }
        catch (Exception error) when (DeviceFailure.Is(error))
        {
            throw Failed("release of memory", error);
        }
    }

    internal override void Finish()
    {
        Cross("wait");
        try
        {
            Wait();
        }
        catch (Exception error) when (DeviceFailure.Is(error))
        {
            throw Failed("wait", error);
        }
    }

    private void Wait()
    {
        Stream.Synchronize();
        queued.Clear();
    }

    // Work that is recorded does not run yet: there is nothing to read, and what is written now would be written again in each replay.
    private void Cross(string what)
    {
        if (isRecording && queue.IsHeldByCurrentThread) throw new RecordingException($"{this}: a {what} cannot be recorded");
    }

    private DeviceException Failed(string what, Exception error) => new($"{this}: {DeviceFailure.Describe(what, error, null)}; {queued}", error);

    private static ArrayView<byte> Block(Storage storage) => DeviceMemory.View(storage.Handle);

    /// <summary>The bytes of a contiguous view, or of the one element that a uniform one shows.</summary>
    private static ArrayView<byte> Bytes(View view, long elements) =>
        Block(view.Storage).SubView(view.Layout.Offset * view.Type.Bytes(), elements * view.Type.Bytes());

    /// <summary>The elements of a contiguous view.</summary>
    private static ArrayView<T> Dense<T>(View view)
        where T : unmanaged => Bytes(view, view.Size).Cast<T>();

    /// <summary>The whole block, for kernels that find elements by an index map.</summary>
    private static ArrayView<T> Whole<T>(View view)
        where T : unmanaged => Block(view.Storage).Cast<T>();

    /// <summary>Memory for one call, given back when the call is queued: the stream's order protects it.</summary>
    private Storage Scratch<T>(long elements, out ArrayView<T> view)
        where T : unmanaged
    {
        var storage = Pool.Rent(elements * Interop.SizeOf<T>());
        view = Block(storage).SubView(0, elements * Interop.SizeOf<T>()).Cast<T>();
        return storage;
    }

    /// <summary>A table that kernels read, made at its first use.</summary>
    private ArrayView<T> Table<T>(object key, Func<T[]> make)
        where T : unmanaged
    {
        lock (queue)
        {
            if (session.Value.Tables.Find(key, isRecording) is { } known) return known.Cast<T>();
            Cross("table");
            return session.Value.Tables.Add(key, make()).Cast<T>();
        }
    }

    private sealed record Session(KernelCache Kernels, AcceleratorStream Stream, DeviceMemory Memory, DeviceTables Tables, ITensorCores? TensorCores);
}
