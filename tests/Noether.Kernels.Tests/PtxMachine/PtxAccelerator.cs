using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace Noether.Kernels.Tests;

/// <summary>
/// The machine as an accelerator of ILGPU: kernels are compiled as for CUDA, loaded by their launchers as on any device, and executed by
/// <see cref="PtxMachine"/> at once. Races in shared memory are errors unless <see cref="WatchesRaces"/> is false.
/// </summary>
internal sealed class PtxAccelerator : Accelerator
{
    public PtxAccelerator(Context context, PtxDevice device)
        : base(context, device)
    {
        DefaultStream = CreateStreamInternal();
        Init(new PTXBackend(context, CudaArchitecture.SM_90, CudaInstructionSet.ISA_80, null!));
        OnAcceleratorCreated();
    }

    /// <summary>Global memory.</summary>
    public PtxMemory Memory { get; } = new();

    /// <summary>Whether kernels are watched.</summary>
    public bool WatchesRaces { get; set; } = true;

    /// <summary>Starts one in a context of its own, which <see cref="Accelerator.Context"/> names.</summary>
    public static PtxAccelerator Create() => (PtxAccelerator)new PtxDevice().CreateAccelerator(Context.Create(builder => AcceleratorCatalogue.Options(builder)));

    public override TExtension CreateExtension<TExtension, TExtensionProvider>(TExtensionProvider provider) => throw new NotSupportedException();

    protected override AcceleratorStream CreateStreamInternal() => new PtxStream(this);

    protected override void SynchronizeInternal()
    {
    }

    protected override MemoryBuffer AllocateRawInternal(long length, int elementSize) => new PtxBuffer(this, length, elementSize);

    protected override Kernel LoadKernelInternal(CompiledKernel kernel) => new PtxKernel(this, (PTXCompiledKernel)kernel);

    protected override Kernel LoadImplicitlyGroupedKernelInternal(CompiledKernel kernel, int customGroupSize, out KernelInfo? kernelInfo) => throw new NotSupportedException();

    protected override Kernel LoadAutoGroupedKernelInternal(CompiledKernel kernel, out KernelInfo? kernelInfo) => throw new NotSupportedException();

    protected override int EstimateMaxActiveGroupsPerMultiprocessorInternal(Kernel kernel, int groupSize, int dynamicSharedMemorySizeInBytes) => 1;

    protected override int EstimateGroupSizeInternal(Kernel kernel, Func<int, int> computeSharedMemorySize, int maxGroupSize, out int minGridSize) =>
        throw new NotSupportedException();

    protected override int EstimateGroupSizeInternal(Kernel kernel, int dynamicSharedMemorySizeInBytes, int maxGroupSize, out int minGridSize) =>
        throw new NotSupportedException();

    protected override PageLockScope<T> CreatePageLockFromPinnedInternal<T>(IntPtr pinned, long numElements) => throw new NotSupportedException();

    protected override bool CanAccessPeerInternal(Accelerator otherAccelerator) => false;

    protected override void EnablePeerAccessInternal(Accelerator otherAccelerator) => throw new NotSupportedException();

    protected override void DisablePeerAccessInternal(Accelerator otherAccelerator) => throw new NotSupportedException();

    protected override void OnBind()
    {
    }

    protected override void OnUnbind()
    {
    }

    protected override void DisposeAccelerator_SyncRoot(bool disposing)
    {
    }
}
