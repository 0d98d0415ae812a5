using Noether.Devices;
using Noether.Graphs;
using Noether.Primitives;

namespace Noether;

/// <summary>
/// An immutable n-dimensional array: a handle on a shape, an element type, a device, and either values or the computation that gives them.
/// </summary>
/// <remarks>
/// Operations build a graph and return at once; wrong shapes, axes, types and devices throw there. Reading a value
/// (<see cref="Item{T}"/>, <see cref="ToArray{T}"/>, <see cref="Evaluate(Tensor[])"/>) runs what is needed. Safe to share between threads.
/// </remarks>
public sealed partial class Tensor : IDisposable
{
    private Node? node;
    private View? view;
    private int consumers;
    private bool leaving;

    internal Tensor(Device device, Shape shape, DType type)
    {
        Device = device;
        Shape = shape;
        DType = type;
    }

    internal Tensor(View view)
        : this(view.Storage.Device, view.Layout.Shape, view.Type) => this.view = view;

    /// <summary>The sizes of the axes.</summary>
    public Shape Shape { get; }

    /// <summary>The element type.</summary>
    public DType DType { get; }

    /// <summary>Where the elements are or will be.</summary>
    public Device Device { get; }

    /// <summary>The number of axes.</summary>
    public int Rank => Shape.Rank;

    /// <summary>The number of elements.</summary>
    public long Size => Shape.Size;

    /// <summary>The computation that gives this tensor; null once it is evaluated.</summary>
    internal Node? Node => Volatile.Read(ref node);

    /// <summary>The values; null until evaluated.</summary>
    internal View? View => Volatile.Read(ref view);

    /// <summary>How many nodes have been built on this tensor and claim it still: neither evaluated since nor taken down.</summary>
    internal int Consumers => Volatile.Read(ref consumers);

    /// <summary>What the planner notes while it walks over this tensor; only under the device's gate.</summary>
    internal PlanMark Mark;

    /// <summary>Applies a primitive with one output.</summary>
    internal static Tensor Apply(Primitive primitive, params Tensor[] inputs) => ApplyMany(primitive, inputs)[0];

    /// <summary>Applies a primitive: checks devices, infers shapes and types, and records one node.</summary>
    internal static Tensor[] ApplyMany(Primitive primitive, params Tensor[] inputs) => ApplyOn(DeviceOf(primitive, inputs), primitive, inputs);

    /// <summary>Applies a primitive on a device of choice: for those without inputs.</summary>
    internal static Tensor[] ApplyOn(Device device, Primitive primitive, params Tensor[] inputs)
    {
        if (!primitive.TakesBFloat16 && Array.Exists(inputs, static x => x.DType == DType.BFloat16))
            return Widened(device, primitive, inputs);

        foreach (var input in inputs)
        {
            if (input.Node?.Primitive is Gone gone) throw gone.Error(primitive.Name, input);
        }

        var types = primitive.Infer(inputs);
        var outputs = new Tensor[types.Length];
        for (var i = 0; i < types.Length; i++) outputs[i] = new(device, types[i].Shape, types[i].DType);
        var node = new Node(primitive, inputs, outputs);
        foreach (var output in outputs) output.node = node;
        Scaffold.Note(node);
        return outputs;
    }

    /// <summary>Gives the tensor its values and lets go of the computation behind it.</summary>
    internal void Materialise(View values)
    {
        Volatile.Write(ref view, values);
        if (Interlocked.Exchange(ref node, null) is not { } done) return;
        if (Array.Exists(done.Outputs, static x => x.Node is not null)) return;
        done.Release();
    }

    internal void GainConsumer() => Interlocked.Increment(ref consumers);

    internal void LoseConsumer()
    {
        if (Interlocked.Decrement(ref consumers) == 0 && Volatile.Read(ref leaving)) Dispose();
    }

    /// <summary>
    /// Gives the tensor's memory back at once, where waiting for the collector would cost more: never required. Memory that another tensor shows
    /// (a view, a lent span) stays, and a tensor that graphs still to be evaluated need goes when the last of them has been.
    /// </summary>
    /// <remarks>Using the tensor afterwards throws <see cref="DisposedException"/>.</remarks>
    public void Dispose()
    {
        lock (Device.Gate)
        {
            Volatile.Write(ref leaving, true);
            Interlocked.MemoryBarrier(); // pairs with the decrement above: one of the two sees the other
            if (Consumers > 0) return;
            var values = Interlocked.Exchange(ref view, null);
            var made = Interlocked.Exchange(ref node, Node.Disposed);
            values?.Storage.LetGo();
            if (made is not null) ReleaseIfForgotten(made);
        }
    }

    // A node whose outputs have all left it.
    private static void ReleaseIfForgotten(Node made)
    {
        foreach (var output in made.Outputs)
        {
            if (output.Node == made) return;
        }

        made.Release();
    }

    /// <summary>Gives the block up to a compiled step; null if other tensors show the same block. The tensor has no value afterwards.</summary>
    internal Storage? Donate()
    {
        if (View is not { Storage.HasOneHolder: true } values || !values.Storage.Surrender()) return null;
        Volatile.Write(ref node, Node.Donated);
        Volatile.Write(ref view, null);
        return values.Storage;
    }

    // bfloat16 is storage: other primitives see float32, and their floating results are rounded back.
    private static Tensor[] Widened(Device device, Primitive primitive, Tensor[] inputs)
    {
        var wide = Array.ConvertAll(inputs, static x => x.DType == DType.BFloat16 ? x.To(DType.Float32) : x);
        var narrow = !Array.Exists(inputs, static x => x.DType is DType.Float32 or DType.Float64);
        var outputs = ApplyOn(device, primitive, wide);
        return narrow ? Array.ConvertAll(outputs, static y => y.DType == DType.Float32 ? y.To(DType.BFloat16) : y) : outputs;
    }

    private static Device DeviceOf(Primitive primitive, Tensor[] inputs)
    {
        if (inputs.Length == 0) return Device.Default;
        var device = inputs[0].Device;
        foreach (var input in inputs)
        {
            if (input.Device != device)
                throw new DeviceException($"{primitive.Name}: operands are on different devices: {string.Join(", ", inputs.Select(x => $"{x.Shape} on {x.Device}"))}; move one with To(device)");
        }

        return device;
    }
}
