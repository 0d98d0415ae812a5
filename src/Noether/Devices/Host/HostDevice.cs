using System.Numerics;
using System.Runtime.InteropServices;
using Noether.Graphs;
using Noether.Primitives;

namespace Noether.Devices.Host;

/// <summary>The processor: SIMD kernels, run by a pool of workers. Storage handles are addresses.</summary>
internal sealed unsafe partial class HostDevice() : Device("host")
{
    private const nuint Alignment = 64;

    // A result of a few L2 caches comes back from L3 at more than 50 GB/s in one pass, which costs no more than the calls for its parts do.
    private const long LeastBytesOfParts = 4 << 20;

    internal override bool SharesMemory => true;

    internal override void Upload(ReadOnlySpan<byte> source, Storage destination) => source.CopyTo(new((void*)destination.Handle, source.Length));

    internal override void Download(Storage source, long offset, Span<byte> destination) =>
        new ReadOnlySpan<byte>((byte*)source.Handle + offset, destination.Length).CopyTo(destination);

    internal override void Map(ElementwiseGroup group, View[] x, View[] y) =>
        Bound(group).Run(x, y, FusedGroup.Policy);

    internal override bool FoldsGroups => true;

    internal override IWaveRule WaveRule { get; } = new ThreadWaves();

    /// <summary>All but what products of matrices do as well here.</summary>
    internal override bool Runs(Primitive primitive) => primitive is not (NeuronAttention or RoundedMatMul or Primitives.WindowMaxGradient);

    internal override void Together(Wave wave) => WorkerPool.Shared.For(wave.Calls.Length, wave.Run);

    internal override bool TakesEpilogues => true;

    internal override void FoldGroup(ElementwiseGroup group, Reduction reduction, View[] x, View y, (long Outer, long Reduced, long Inner) sizes) =>
        Bound(group).Fold(x, y, reduction, sizes, FusedGroup.Policy);

    internal override void Copy(View x, View y) => StridedCopy.Run(x, y);

    internal override void Zero(View y) => NativeMemory.Clear(Address<byte>(y), (nuint)(y.Size * y.Type.Bytes()));

    internal override void Iota(View y)
    {
        if (y.Type == DType.Int32)
        {
            Count(Address<int>(y), y.Size);
        }
        else
        {
            Count(Address<long>(y), y.Size);
        }

        static void Count<T>(T* to, long count)
            where T : unmanaged, INumber<T>
        {
            for (long i = 0; i < count; i++) to[i] = T.CreateTruncating(i);
        }
    }

    private protected override nint AllocateBlock(long bytes)
    {
        try
        {
            var isLarge = HugePages.Suit((nuint)bytes);
            var block = NativeMemory.AlignedAlloc((nuint)bytes, isLarge ? HugePages.Size : Alignment);
            if (isLarge) HugePages.Ask(block, (nuint)bytes);
            return (nint)block;
        }
        catch (OutOfMemoryException)
        {
            return 0;
        }
    }

    private protected override void FreeBlock(nint handle, long bytes) => NativeMemory.AlignedFree((void*)handle);

    // The epilogue for a verb to run on each part of its result, rows of the given width; null if it is to be run on the whole afterwards.
    private static IRegionBody? Parts(Epilogue epilogue, View result, int width) =>
        result.Size * result.Type.Bytes() < LeastBytesOfParts ? null : Bound(epilogue.Group).OverParts(epilogue.X, epilogue.Y, result, width, FusedGroup.Policy);

    private static BoundGroup Bound(ElementwiseGroup group) => (BoundGroup)(group.Compiled ??= new BoundGroup(group));

    private static T* Address<T>(View view)
        where T : unmanaged => (T*)((byte*)view.Storage.Handle + view.Layout.Offset * view.Type.Bytes());
}
