namespace Noether.Devices;

/// <summary>A block of a device's memory. Returned to its owner when the last tensor that shows it is disposed or donated, or when collected.</summary>
internal sealed class Storage
{
    private readonly IBlockOwner? owner;
    private int holders;
    private int released;

    internal Storage(IBlockOwner owner, Device device, nint handle, long bytes, long capacity)
    {
        this.owner = owner;
        Device = device;
        Handle = handle;
        Bytes = bytes;
        Capacity = capacity;
    }

    private Storage(Device device, long bytes)
    {
        Device = device;
        Bytes = bytes;
        released = 1;
        GC.SuppressFinalize(this);
    }

    ~Storage() => Free();

    public Device Device { get; }

    /// <summary>What the device knows the block by: an address on the host, a buffer's number on others.</summary>
    public nint Handle { get; private set; }

    /// <summary>The bytes asked for.</summary>
    public long Bytes { get; }

    /// <summary>The bytes of the block, padded so that a last vector may be loaded and stored whole; 0 if the block is borrowed.</summary>
    public long Capacity { get; private set; }

    /// <summary>Of a slot, what a plan puts into its blocks.</summary>
    public object? Content { get; init; }

    /// <summary>How many leaves of the plan about to run are in the block. Only under the device's gate.</summary>
    public int Leaves { get; set; }

    /// <summary>True if exactly one tensor has been given this block and not donated it: then it may be donated.</summary>
    public bool HasOneHolder => Volatile.Read(ref holders) == 1;

    /// <summary>A place in a memory plan: shows another block in each run, and owns none.</summary>
    public static Storage Slot(Device device, long bytes, object? content = null) => new(device, bytes) { Content = content };

    /// <summary>Lets a slot show a block; 0: none.</summary>
    public void Show(nint handle, long capacity = 0) => (Handle, Capacity) = (handle, capacity);

    /// <summary>Tells the block that one more tensor, or reader, holds it.</summary>
    public void Keep() => Interlocked.Increment(ref holders);

    /// <summary>Takes back one <see cref="Keep"/>; the last gives the block back. Those that are collected instead take nothing back.</summary>
    public void LetGo()
    {
        if (Interlocked.Decrement(ref holders) == 0) Release();
    }

    /// <summary>Gives the block up to the caller, who sees to its return; false if it has been given back meanwhile.</summary>
    public bool Surrender()
    {
        if (Interlocked.Exchange(ref released, 1) != 0) return false;
        GC.SuppressFinalize(this);
        return true;
    }

    /// <summary>Gives the block back at once. Only for blocks that no tensor shows.</summary>
    public void Release()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (Interlocked.Exchange(ref released, 1) == 0) owner!.Return(Handle, Capacity);
    }
}

/// <summary>Elements of a type, laid out in a storage.</summary>
internal sealed class View(Storage storage, Layout layout, DType type)
{
    public Storage Storage { get; } = storage;

    public Layout Layout { get; } = layout;

    public DType Type { get; } = type;

    /// <summary>Shape and type, whatever the layout.</summary>
    public Primitives.TensorType TensorType => new(Shape, Type);

    public Shape Shape => Layout.Shape;

    public long Size => Layout.Shape.Size;

    /// <summary>The same elements under another layout.</summary>
    public View With(Layout layout) => new(Storage, layout, Type);
}
