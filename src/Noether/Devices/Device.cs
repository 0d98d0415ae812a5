using Noether.Devices;
using Noether.Devices.Host;
using Noether.Graphs;
using Noether.Primitives;

namespace Noether;

/// <summary>Where tensors live and are computed: the host's cores, or a GPU.</summary>
/// <remarks>A device implements verbs; primitives call them; neither knows the other. Evaluations on one device run one at a time.</remarks>
public abstract partial class Device
{
    private static Device? Chosen;

    private protected Device(string name)
    {
        Name = name;
        Pool = new(this, AllocateBlock, FreeBlock, ReleaseIdle, Returned);
    }

    /// <summary>The processor: SIMD kernels on all cores. Always there.</summary>
    public static Device Host { get; } = new HostDevice();

    /// <summary>
    /// Where new tensors go. Unless set: what the environment variable <c>NOETHER_DEVICE</c> names (host, cuda, cuda:1, opencl), else the best
    /// device present.
    /// </summary>
    /// <exception cref="DeviceException"><c>NOETHER_DEVICE</c> names a device that is not there.</exception>
    public static Device Default
    {
        get => Volatile.Read(ref Chosen) ?? Choose();
        set => Volatile.Write(ref Chosen, value);
    }

    /// <summary>The name that <see cref="Open"/> takes: host, cuda:0, opencl:0.</summary>
    public string Name { get; }

    /// <summary>
    /// How scatters add: values at positions, and with them the derivatives of gathers and of embeddings. Unless set: what the environment variable
    /// <c>NOETHER_SCATTER</c> names (ordered, atomic), else in order. A step asks when it is queued; work that was recorded for replay goes on as it was.
    /// The host and OpenCL stay in order, and so do integers, whose sums show none.
    /// </summary>
    public ScatterOrder ScatterOrder { get; set; } = ScatterOrderOf(Environment.GetEnvironmentVariable("NOETHER_SCATTER"));

    /// <summary>True if a storage's handle is an address that the host's code may read and write.</summary>
    internal virtual bool SharesMemory => false;

    /// <summary>One evaluation at a time.</summary>
    internal Lock Gate { get; } = new();

    internal MemoryPool Pool { get; }

    /// <summary>The planner of the device's evaluations; null while one plans. Only under the gate.</summary>
    internal Planner? Planner { get; set; }

    /// <summary>What the device is; starts it.</summary>
    /// <exception cref="DeviceException">It does not start.</exception>
    public abstract DeviceInfo Describe();

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>The order of a name; anything else leaves scatters in order.</summary>
    internal static ScatterOrder ScatterOrderOf(string? name) =>
        "atomic".Equals(name, StringComparison.OrdinalIgnoreCase) ? ScatterOrder.Atomic : ScatterOrder.Ordered;

    /// <summary>True if the device has the primitive's verb; else the plan uses its definition.</summary>
    internal virtual bool Runs(Primitive primitive) => true;

    /// <summary>Computes a primitive that a plan has left as it is: the device runs it, or it has no definition.</summary>
    internal virtual void Perform(Primitive primitive, View[] x, View[] y) => primitive.Evaluate(this, x, y);

    /// <exception cref="MemoryException">There is no room.</exception>
    internal View NewView(Shape shape, DType type) =>
        new(Pool.Rent(shape.Size, type.Bytes(), ContentOf(shape, type)), Layout.Contiguous(shape), type);

    /// <summary>What errors say of a block, if it is large.</summary>
    private protected static object? ContentOf(Shape shape, DType type) =>
        shape.Size >= LiveBlocks.Least / type.Bytes() ? new TensorType(shape, type) : null;

    /// <summary>A view for an upload of the whole of it.</summary>
    /// <exception cref="MemoryException">There is no room.</exception>
    internal virtual View NewUploadView(Shape shape, DType type) => NewView(shape, type);

    /// <summary>A block has come back to the pool.</summary>
    private protected virtual void Returned(nint handle)
    {
    }

    /// <summary>A new block's handle, or 0 if the device has no memory left.</summary>
    private protected abstract nint AllocateBlock(long bytes);

    private protected abstract void FreeBlock(nint handle, long bytes);

    /// <summary>Gives back to the driver what is reserved and holds no block.</summary>
    private protected virtual void ReleaseIdle()
    {
    }

    /// <summary>Bytes taken from the system.</summary>
    internal virtual long Reserved => Pool.Live + Pool.Pooled;

    /// <summary>Copies host bytes to the start of a block.</summary>
    internal abstract void Upload(ReadOnlySpan<byte> source, Storage destination);

    /// <summary>Copies bytes of a block to the host, after all work on the device is done.</summary>
    internal abstract void Download(Storage source, long offset, Span<byte> destination);

    /// <summary>True if <see cref="CopyFrom"/> takes views of the other device; else the way is over the host.</summary>
    internal virtual bool CopiesFrom(Device other) => false;

    /// <summary>Queues a copy of a contiguous view of another device to one of this.</summary>
    internal virtual void CopyFrom(View x, View y) => throw new DeviceException($"{Name}: does not copy from {x.Storage.Device}");

    /// <summary>Waits for all work on the device.</summary>
    internal virtual void Finish()
    {
    }

    /// <summary>What records work for replay; null if the device gains nothing by it.</summary>
    internal virtual IWorkRecorder? Recorder => null;

    /// <summary>Runs or queues one step of a plan.</summary>
    internal virtual void Run(Call call) => call.Run(this);

    /// <summary>Runs a fused group: inputs in any layout of the group's shape, outputs contiguous.</summary>
    internal abstract void Map(ElementwiseGroup group, View[] x, View[] y);

    /// <summary>True if the device has <see cref="FoldGroup"/>: then plans make a group that only a fold reads a part of it.</summary>
    internal virtual bool FoldsGroups => false;

    /// <summary>Folds the elements of a group of one output, [outer, reduced, inner], by a sum, minimum or maximum; y is [outer, inner].</summary>
    internal virtual void FoldGroup(ElementwiseGroup group, Reduction reduction, View[] x, View y, (long Outer, long Reduced, long Inner) sizes) =>
        throw new DeviceException($"{Name}: does not fold groups");

    /// <summary>Which small steps plans gather for <see cref="Together"/>; null: none.</summary>
    internal virtual IWaveRule? WaveRule => null;

    /// <summary>Runs the steps of a wave, which do not need each other, at once where the device can.</summary>
    internal virtual void Together(Wave wave)
    {
        foreach (var call in wave.Calls) Run(call);
    }

    /// <summary>Copies elements in any layout to a view of equal shape and type, in any layout without overlaps.</summary>
    internal abstract void Copy(View x, View y);

    /// <summary>Sets every element of a contiguous view to zero.</summary>
    internal abstract void Zero(View y);

    /// <summary>Folds axes: x is contiguous [outer, reduced, inner], y [outer, inner].</summary>
    internal abstract void Reduce(Reduction reduction, View x, View y, long outer, long reduced, long inner);

    /// <summary>y = x₀·x₁ over the last two axes; earlier axes are equal and looped over. Inputs in any layout.</summary>
    internal abstract void MatMul(View a, View b, View y);

    /// <summary>
    /// True if <see cref="MatMul(View, View, View)"/> reads bfloat16 operands beside float32 ones, and rounds a float32 product to a bfloat16 y: then plans hand it
    /// such views instead of widened copies.
    /// </summary>
    internal virtual bool WidensFactors => false;

    /// <summary>As <see cref="MatMul(View, View, View)"/> of float32 operands read with another precision; only of devices that run <see cref="RoundedMatMul"/>.</summary>
    internal virtual void MatMul(View a, View b, View y, MatMulPrecision precision) => throw new DeviceException($"{Name}: reads factors as they are");

    /// <summary>True if the device has <see cref="AddMatMul"/>: then plans add up products in place.</summary>
    internal virtual bool SumsProducts => false;

    /// <summary>y += x₀·x₁, as <see cref="MatMul(View, View, View)"/>.</summary>
    internal virtual void AddMatMul(View a, View b, View y) => throw new DeviceException($"{Name}: does not add up products");

    /// <summary>True if the device is faster at a product and its tangent together, by <see cref="DualMatMul"/>, than at one after the other.</summary>
    /// <param name="product">Of one of them.</param>
    /// <param name="terms">How many terms make an element.</param>
    internal virtual bool JoinsDuals(TensorType product, int terms) => false;

    /// <summary>
    /// y = a·b and dy = da·b + a·db, as <see cref="MatMul(View, View, View)"/>, and then a group that reads them, if there is one.
    /// </summary>
    internal virtual void DualMatMul(View a, View b, View da, View db, View y, View dy, Epilogue? epilogue = null) =>
        throw new DeviceException($"{Name}: does not make products and tangents together");

    /// <summary>True if the device runs groups with the products that they read; then plans join the two.</summary>
    internal virtual bool TakesEpilogues => false;

    /// <summary>As <see cref="MatMul(View, View, View)"/>, and then a group that reads y.</summary>
    internal virtual void MatMul(View a, View b, View y, Epilogue epilogue)
    {
        MatMul(a, b, y);
        Map(epilogue.Group, epilogue.X, epilogue.Y);
    }

    /// <summary>As <see cref="MatMul(View, View, View, MatMulPrecision)"/>, and then a group that reads y.</summary>
    internal virtual void MatMul(View a, View b, View y, MatMulPrecision precision, Epilogue epilogue)
    {
        MatMul(a, b, y, precision);
        Map(epilogue.Group, epilogue.X, epilogue.Y);
    }

    /// <summary>y[outer, i, inner] = x[outer, index[i], inner]; x has n along the axis. All contiguous.</summary>
    internal abstract void Take(View x, View index, View y, long outer, long n, long inner);

    /// <summary>y[outer, index[i], inner] += x[outer, i, inner], in the order of i. All contiguous.</summary>
    internal abstract void ScatterAdd(View x, View index, View y, long outer, long n, long inner);

    /// <summary>y[i] = i, for int32 and int64.</summary>
    internal abstract void Iota(View y);
}
