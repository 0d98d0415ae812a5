using System.Runtime.InteropServices;
using ILGPU.Runtime.Cuda;

namespace Noether.Kernels.Cuda;

/// <summary>The calls of the CUDA driver that ILGPU 1.5.3 does not make: its state, shared memory above 48 KiB, events, graphs.</summary>
/// <remarks>Each result is checked and named. Methods that take an accelerator bind it to the calling thread first.</remarks>
public static partial class Driver
{
    /// <summary>The driver's version that ILGPU's PTX needs at least: 11.0, whose ISA 7.0 knows sm_80.</summary>
    public const int LeastVersion = 11_000;

    private const string Library = "cuda";
    private const int MaxDynamicSharedBytes = 8; // CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES
    private const int MaxSharedBytesOptIn = 97;  // CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN
    private const uint WithoutTiming = 2;        // CU_EVENT_DISABLE_TIMING
    private const int Relaxed = 2;               // CU_STREAM_CAPTURE_MODE_RELAXED: other threads may go on allocating

    static Driver() => CudaLibrary.Register();

    /// <summary>Starts the driver, or says why it does not start.</summary>
    public static CudaResult Initialize() => cuInit(0);

    /// <summary>The CUDA version that the driver supports, as 1000 major + 10 minor.</summary>
    public static int Version()
    {
        Check(cuDriverGetVersion(out var version), nameof(cuDriverGetVersion));
        return version;
    }

    /// <summary>Bytes of shared memory that a group may have on the GPU, if its kernel asks (<see cref="AllowSharedMemory"/>).</summary>
    public static int SharedMemoryLimit(CudaAccelerator accelerator)
    {
        ArgumentNullException.ThrowIfNull(accelerator);
        Check(cuDeviceGetAttribute(out var bytes, MaxSharedBytesOptIn, accelerator.DeviceId), nameof(cuDeviceGetAttribute));
        return bytes;
    }

    /// <summary>Lets a kernel be launched with so much dynamic shared memory: above 48 KiB each kernel must ask once.</summary>
    /// <exception cref="CudaDriverException">The GPU has less.</exception>
    public static void AllowSharedMemory(CudaKernel kernel, int bytes)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        kernel.Accelerator.Bind();
        Check(cuFuncSetAttribute(kernel.FunctionPtr, MaxDynamicSharedBytes, bytes), nameof(cuFuncSetAttribute));
    }

    internal static nint CreateEvent()
    {
        Check(cuEventCreate(out var handle, WithoutTiming), nameof(cuEventCreate));
        return handle;
    }

    internal static void Record(nint handle, CudaStream stream) => Check(cuEventRecord(handle, stream.StreamPtr), nameof(cuEventRecord));

    internal static void Wait(nint handle) => Check(cuEventSynchronize(handle), nameof(cuEventSynchronize));

    internal static void HoldBack(CudaStream stream, nint handle)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Check(cuStreamWaitEvent(stream.StreamPtr, handle, 0), nameof(cuStreamWaitEvent));
    }

    internal static void CopyBetween(CudaStream to, nint destination, nint sourceContext, nint source, long bytes) => Check(
        cuMemcpyPeerAsync(destination, to.Accelerator.NativePtr, source, sourceContext, (nuint)bytes, to.StreamPtr), nameof(cuMemcpyPeerAsync));

    internal static void DestroyEvent(nint handle) => _ = cuEventDestroy_v2(handle);

    internal static void BeginCapture(CudaStream stream) => Check(cuStreamBeginCapture_v2(stream.StreamPtr, Relaxed), nameof(cuStreamBeginCapture_v2));

    /// <summary>Ends a capture, also one that has failed; 0 if there is no graph.</summary>
    internal static CudaResult EndCapture(CudaStream stream, out nint graph) => cuStreamEndCapture(stream.StreamPtr, out graph);

    internal static nint Instantiate(nint graph)
    {
        Check(cuGraphInstantiateWithFlags(out var executable, graph, 0), nameof(cuGraphInstantiateWithFlags));
        return executable;
    }

    internal static void Launch(nint executable, CudaStream stream) => Check(cuGraphLaunch(executable, stream.StreamPtr), nameof(cuGraphLaunch));

    internal static void DestroyGraph(nint graph) => _ = cuGraphDestroy(graph);

    internal static void DestroyExecutable(nint executable) => _ = cuGraphExecDestroy(executable);

    internal static void Check(CudaResult result, string call)
    {
        if (result != CudaResult.Success) throw new CudaDriverException(call, result);
    }

    [LibraryImport(Library)]
    private static partial CudaResult cuInit(uint flags);

    [LibraryImport(Library)]
    private static partial CudaResult cuDriverGetVersion(out int version);

    [LibraryImport(Library)]
    private static partial CudaResult cuDeviceGetAttribute(out int value, int attribute, int device);

    [LibraryImport(Library)]
    private static partial CudaResult cuFuncSetAttribute(nint function, int attribute, int value);

    [LibraryImport(Library)]
    private static partial CudaResult cuEventCreate(out nint handle, uint flags);

    [LibraryImport(Library)]
    private static partial CudaResult cuEventRecord(nint handle, nint stream);

    [LibraryImport(Library)]
    private static partial CudaResult cuEventSynchronize(nint handle);

    [LibraryImport(Library)]
    private static partial CudaResult cuEventDestroy_v2(nint handle);

    [LibraryImport(Library)]
    private static partial CudaResult cuStreamWaitEvent(nint stream, nint handle, uint flags);

    [LibraryImport(Library)]
    private static partial CudaResult cuMemcpyPeerAsync(nint destination, nint destinationContext, nint source, nint sourceContext, nuint bytes, nint stream);

    [LibraryImport(Library)]
    private static partial CudaResult cuStreamBeginCapture_v2(nint stream, int mode);

    [LibraryImport(Library)]
    private static partial CudaResult cuStreamEndCapture(nint stream, out nint graph);

    [LibraryImport(Library)]
    private static partial CudaResult cuGraphInstantiateWithFlags(out nint executable, nint graph, ulong flags);

    [LibraryImport(Library)]
    private static partial CudaResult cuGraphLaunch(nint executable, nint stream);

    [LibraryImport(Library)]
    private static partial CudaResult cuGraphDestroy(nint graph);

    [LibraryImport(Library)]
    private static partial CudaResult cuGraphExecDestroy(nint executable);
}
