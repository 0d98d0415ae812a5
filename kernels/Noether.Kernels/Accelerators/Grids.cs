using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels;

/// <summary>The one-dimensional launches that plain kernels share: groups of at most 256 threads, one thread an item.</summary>
public static class Grids
{
    /// <summary>Threads of a full group; a power of two, which the tree reductions need.</summary>
    public const int MaxThreads = 256;

    // The simulator's threads are the system's, and each barrier wakes all of a group: small groups are ten times faster there.
    private const int SimulatorThreads = 32;

    /// <summary>The calling thread's number in the whole grid. Inside kernels only.</summary>
    public static long Thread => (long)Grid.IdxX * Group.DimX + Group.IdxX;

    /// <summary>Threads a group on this accelerator: the largest power of two up to <see cref="MaxThreads"/> that it can run.</summary>
    public static int Threads(Accelerator accelerator)
    {
        var threads = accelerator.AcceleratorType == AcceleratorType.CPU ? SimulatorThreads : MaxThreads;
        while (threads > accelerator.MaxNumThreadsPerGroup) threads /= 2;
        return threads;
    }

    /// <summary>Tells the compiler how many threads a group has at most, so that it can share out the registers.</summary>
    public static KernelSpecialization Specialization(Accelerator accelerator) => new(Threads(accelerator), null);

    /// <summary>Enough groups to give each of <paramref name="items"/> a thread; kernels check the bound.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than 2³¹ - 1 groups.</exception>
    public static KernelConfig Over(Accelerator accelerator, long items)
    {
        var threads = Threads(accelerator);
        return new(Groups((items + threads - 1) / threads), threads);
    }

    /// <summary>One full group for each of <paramref name="groups"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than 2³¹ - 1 groups.</exception>
    public static KernelConfig GroupEach(Accelerator accelerator, long groups) => new(Groups(groups), Threads(accelerator));

    /// <summary>True if a view begins at a multiple of some bytes, at most 256: buffers do.</summary>
    public static bool IsAligned<TView>(TView view, int bytes)
        where TView : struct, IContiguousArrayView => view.IndexInBytes % bytes == 0;

    /// <summary>The bytes that a thread may move at once of runs that lie behind one another: the largest power of two up to 16 that divides all of these.</summary>
    /// <param name="run">The bytes of a run.</param>
    /// <param name="x">Where runs are read.</param>
    /// <param name="y">Where runs are written.</param>
    public static int UnitOf<TView>(long run, TView x, TView y)
        where TView : struct, IContiguousArrayView
    {
        var places = run | x.IndexInBytes | y.IndexInBytes | 16;
        return (int)(places & -places);
    }

    /// <summary>Groups of a size that the kernel's tile fixes.</summary>
    /// <exception cref="NotSupportedException">The accelerator cannot run groups of so many threads.</exception>
    /// <exception cref="ArgumentOutOfRangeException">More than 2³¹ - 1 groups.</exception>
    public static KernelConfig Fixed(Accelerator accelerator, string kernel, long groups, int threads)
    {
        if (accelerator.MaxNumThreadsPerGroup < threads)
            throw new NotSupportedException($"{kernel}: needs groups of {threads} threads, {accelerator.Name} has {accelerator.MaxNumThreadsPerGroup}");
        return new(Groups(groups), threads);
    }

    private static int Groups(long groups)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(groups, int.MaxValue);
        return (int)groups;
    }
}
