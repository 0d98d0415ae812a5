using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.Tests;

/// <summary>
/// A fixture whose tests run on the simulator, and on OpenCL and CUDA where those are present; on the PTX machine too if <c>NOETHER_LANES</c> names it:
/// compiling all kernels once more takes minutes.
/// </summary>
[NonParallelizable]
public abstract class KernelFixture(string lane)
{
    /// <summary>The lane of <see cref="PtxAccelerator"/>.</summary>
    public const string Machine = "Machine";

    private readonly List<IDisposable> buffers = [];
    private IDisposable? context; // or the catalogue that owns it

    /// <summary>The lanes; each carries its category.</summary>
    public static IEnumerable<TestFixtureData> Lanes
    {
        get
        {
            foreach (var lane in new[] { "Simulator", "OpenCL", "Cuda" }) yield return Lane(lane);
            if (Wants("machine")) yield return Lane(Machine);
        }
    }

    private static bool Wants(string lane) => Environment.GetEnvironmentVariable("NOETHER_LANES")?.Contains(lane, StringComparison.OrdinalIgnoreCase) == true;

    protected Accelerator Accelerator { get; private set; } = null!;

    /// <summary>True where the engine joins by shuffles, which the simulator emulates slowly and PoCL has not.</summary>
    protected bool HasShuffles => Accelerator.AcceleratorType == AcceleratorType.Cuda;

    /// <summary>True where each operation takes microseconds: sizes stay tiny.</summary>
    protected bool IsInterpreted => lane is "Simulator" or Machine;

    /// <summary>Keeps the fixture's kernels: a large one takes a processor many seconds to compile.</summary>
    protected KernelCache Kernels => field ??= new(Accelerator);

    protected AcceleratorStream Stream => Accelerator.DefaultStream;

    [OneTimeSetUp]
    public void Start()
    {
        if (lane is "Simulator" or Machine)
        {
            Accelerator = lane == Machine ? PtxAccelerator.Create() : AcceleratorCatalogue.CreateSimulator();
            context = Accelerator.Context;
        }
        else
        {
            var catalogue = AcceleratorCatalogue.Open();
            context = catalogue;
            var kind = lane == "Cuda" ? AcceleratorKind.Cuda : AcceleratorKind.OpenCL;
            if (catalogue.Entries.FirstOrDefault(entry => entry.Kind == kind) is { IsProcessor: true } entry && !Wants("opencl"))
                Assert.Ignore($"{entry} is the processor, and compiling for it takes half a minute: set NOETHER_LANES=opencl");
            try
            {
                Accelerator = catalogue.Create(kind);
            }
            catch (AcceleratorAbsentException absent)
            {
                Assert.Ignore(absent.Message);
            }
        }
    }

    [OneTimeTearDown]
    public void Stop()
    {
        foreach (var buffer in buffers) buffer.Dispose();
        Accelerator?.Dispose();
        context?.Dispose();
    }

    protected ArrayView<T> Upload<T>(params T[] values)
        where T : unmanaged
    {
        var view = Allocate<T>(values.Length);
        if (values.Length > 0) view.CopyFromCPU(Stream, values);
        return view;
    }

    protected ArrayView<T> Allocate<T>(long count)
        where T : unmanaged
    {
        var buffer = Accelerator.Allocate1D<T>(Math.Max(1, count));
        buffers.Add(buffer);
        return buffer.View.AsContiguous().SubView(0, count);
    }

    protected T[] Download<T>(ArrayView<T> view)
        where T : unmanaged
    {
        var values = new T[view.Length];
        if (values.Length > 0) view.CopyToCPU(Stream, values);
        Stream.Synchronize();
        return values;
    }

    private static TestFixtureData Lane(string lane)
    {
        var data = new TestFixtureData(lane);
        data.Properties.Add("Category", lane);
        return data;
    }
}
