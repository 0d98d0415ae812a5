namespace Noether.Devices;

/// <summary>A block of a device's memory. Returned to its owner by an evaluation that is done with it, or when collected.</summary>
internal sealed class Storage
{
    private readonly IBlockOwner owner;
    private bool pressed;
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

    ~Storage() => Free();

    public Device Device { get; }

    /// <summary>What the device knows the block by: an address on the host, a buffer's number on others.</summary>
    public nint Handle { get; }

    /// <summary>The bytes asked for.</summary>
    public long Bytes { get; }

    /// <summary>The bytes of the block, padded so that a last vector may be loaded and stored whole; 0 if the block is borrowed.</summary>
    public long Capacity { get; }

    /// <summary>How many values of the running evaluation are in the block; 0 if it is not the evaluation's own. Only under the device's gate.</summary>
    public int LiveValues { get; set; }

    /// <summary>True if exactly one tensor has been given this block and not donated it: then it may be donated.</summary>
    public bool HasOneHolder => Volatile.Read(ref holders) == 1;

    /// <summary>Tells the block, and the garbage collector, that one more tensor holds it.</summary>
    public void Keep()
    {
        Interlocked.Increment(ref holders);
        if (pressed || Capacity < 1 << 16) return;
        pressed = true;
        GC.AddMemoryPressure(Capacity);
    }

    /// <summary>Takes back one <see cref="Keep"/>: the tensor has donated the block, so that the result that takes it may donate it again.</summary>
    public void LetGo() => Interlocked.Decrement(ref holders);

    /// <summary>Gives the block back at once. Only for blocks that no tensor has been given.</summary>
    public void Release()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (Interlocked.Exchange(ref released, 1) != 0) return;
        if (pressed) GC.RemoveMemoryPressure(Capacity);
        owner.Return(Handle, Capacity);
    }
}

/// <summary>Elements of a type, laid out in a storage.</summary>
internal sealed class View(Storage storage, Layout layout, DType type)
{
    public Storage Storage { get; } = storage;

    public Layout Layout { get; } = layout;

    public DType Type { get; } = type;

    public Shape Shape => Layout.Shape;

    public long Size => Layout.Shape.Size;

    /// <summary>The same elements under another layout.</summary>
    public View With(Layout layout) => new(Storage, layout, Type);
}
