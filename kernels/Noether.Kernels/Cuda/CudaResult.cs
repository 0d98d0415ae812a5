namespace Noether.Kernels.Cuda;

/// <summary>Result codes of the CUDA driver (cuda.h, <c>CUresult</c>) that this code meets or explains; others keep their numbers.</summary>
public enum CudaResult
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>An argument that the call does not take, such as more threads or shared memory than there are.</summary>
    InvalidValue = 1,

    /// <summary>The device has no more memory.</summary>
    OutOfMemory = 2,

    /// <summary>The driver was not started.</summary>
    NotInitialized = 3,

    /// <summary>The process is ending.</summary>
    Deinitialized = 4,

    /// <summary>The library is a stub without a driver behind it.</summary>
    StubLibrary = 34,

    /// <summary>No GPU.</summary>
    NoDevice = 100,

    /// <summary>No GPU of this number.</summary>
    InvalidDevice = 101,

    /// <summary>Code for another architecture.</summary>
    NoBinaryForGpu = 209,

    /// <summary>PTX that the driver's assembler refuses.</summary>
    InvalidPtx = 218,

    /// <summary>PTX newer than the driver.</summary>
    UnsupportedPtxVersion = 222,

    /// <summary>Work that is not done yet; not an error.</summary>
    NotReady = 600,

    /// <summary>A kernel read or wrote outside its memory.</summary>
    IllegalAddress = 700,

    /// <summary>A launch with more threads, registers or shared memory than there are.</summary>
    LaunchOutOfResources = 701,

    /// <summary>A kernel ran longer than the system allows.</summary>
    LaunchTimeout = 702,

    /// <summary>A kernel failed an assertion.</summary>
    Assert = 710,

    /// <summary>A kernel read or wrote at an address that its width does not divide.</summary>
    MisalignedAddress = 716,

    /// <summary>A kernel faulted.</summary>
    LaunchFailed = 719,

    /// <summary>The driver and the library are of different versions.</summary>
    SystemDriverMismatch = 803,

    /// <summary>The driver does not know this GPU in this mode.</summary>
    SystemNotReady = 802,

    /// <summary>A call that a capture does not allow.</summary>
    StreamCaptureUnsupported = 900,

    /// <summary>A capture that an earlier call has spoilt.</summary>
    StreamCaptureInvalidated = 901,
}
