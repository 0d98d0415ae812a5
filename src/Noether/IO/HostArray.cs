using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Noether;

/// <summary>Elements in host memory as a file holds them: type, shape and row-major bytes; read-only.</summary>
/// <remarks>
/// The bytes lie in memory of the array's own or in a mapped file, which stays mapped until the last array over it is collected.
/// A span over a mapped file does not keep the mapping alive: keep the array reachable while you read.
/// Arrays of 2 GB and more do not fit one span: read them by <see cref="Slice{T}"/>, <see cref="CopyTo"/> or <see cref="Pointer"/>.
/// </remarks>
public sealed unsafe class HostArray
{
    // Large enough to amortise the call, small enough to stay in the last-level cache.
    private const int CopyChunk = 1 << 20;

    private readonly byte[]? managed; // spans over it keep it alive by themselves

    /// <summary>A view over memory that lives as long as <paramref name="owner"/>.</summary>
    internal HostArray(DType type, Shape shape, byte* pointer, object owner)
    {
        DType = type;
        Shape = shape;
        ByteCount = checked(shape.Size * type.Bytes());
        Pointer = pointer;
        Owner = owner;
        managed = owner as byte[];
    }

    /// <summary>The type of the elements.</summary>
    public DType DType { get; }

    /// <summary>The shape; elements are in row-major order.</summary>
    public Shape Shape { get; }

    /// <summary>The size in bytes.</summary>
    public long ByteCount { get; }

    /// <summary>The first byte; valid while this array is reachable. Not to be written through.</summary>
    public byte* Pointer { get; }

    /// <summary>All bytes.</summary>
    /// <exception cref="MemoryException">They are more than a span holds.</exception>
    public ReadOnlySpan<byte> Bytes =>
        ByteCount <= int.MaxValue
            ? Part(0, (int)ByteCount)
            : throw new MemoryException($"HostArray: {ByteCount} bytes of {Shape} do not fit one span: read them by Slice or CopyTo");

    /// <summary>What keeps the memory alive: hold it as long as you use <see cref="Pointer"/>.</summary>
    internal object Owner { get; }

    /// <summary>Copies values into a new array.</summary>
    /// <param name="shape">As many elements as <paramref name="values"/>.</param>
    /// <param name="values">In row-major order.</param>
    /// <exception cref="ShapeException">The shape holds another number of elements.</exception>
    /// <exception cref="DTypeException"><typeparamref name="T"/> is not an element type.</exception>
    public static HostArray Of<T>(Shape shape, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(shape);
        var type = DTypes.Of<T>();
        if (shape.Size != values.Length)
            throw new ShapeException($"HostArray: {values.Length} values do not fill {shape} ({shape.Size} elements)");
        var array = Allocate(type, shape);
        MemoryMarshal.AsBytes(values).CopyTo(array.Writable(0, (int)array.ByteCount));
        return array;
    }

    /// <summary>All elements.</summary>
    /// <exception cref="DTypeException"><typeparamref name="T"/> does not store <see cref="DType"/>.</exception>
    /// <exception cref="MemoryException">They are more than a span holds.</exception>
    public ReadOnlySpan<T> As<T>()
        where T : unmanaged =>
        Shape.Size <= int.MaxValue
            ? Slice<T>(0, (int)Shape.Size)
            : throw new MemoryException($"HostArray: {Shape.Size} elements of {Shape} do not fit one span: read them by Slice");

    /// <summary>Some elements, counted in row-major order.</summary>
    /// <param name="start">The first element.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="DTypeException"><typeparamref name="T"/> does not store <see cref="DType"/>.</exception>
    /// <exception cref="AxisException">The range leaves the array.</exception>
    public ReadOnlySpan<T> Slice<T>(long start, int count)
        where T : unmanaged
    {
        if (DTypes.Of<T>() != DType) throw new DTypeException($"HostArray: {typeof(T).Name} does not store {DType.Name()}");
        if (start < 0 || count < 0 || start > Shape.Size - count)
            throw new AxisException($"HostArray: elements {start} to {start + count} are not all in {Shape} ({Shape.Size} elements)");
        if (managed is not null)
            return MemoryMarshal.Cast<byte, T>(managed.AsSpan(0, (int)ByteCount)).Slice((int)start, count);
        return new((T*)Pointer + start, count);
    }

    /// <summary>Writes all bytes to a stream.</summary>
    public void CopyTo(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        for (long done = 0; done < ByteCount; done += CopyChunk)
            stream.Write(Part(done, (int)Math.Min(CopyChunk, ByteCount - done)));
        GC.KeepAlive(this);
    }

    /// <summary>A new array with arbitrary content, to be filled before anyone else sees it.</summary>
    internal static HostArray Allocate(DType type, Shape shape)
    {
        var bytes = checked(shape.Size * type.Bytes());
        if (bytes > Array.MaxLength)
        {
            var block = new NativeBlock(bytes);
            return new(type, shape, block.Pointer, block);
        }

        var array = GC.AllocateUninitializedArray<byte>((int)bytes, pinned: true);
        return new(type, shape, (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array)), array);
    }

    /// <summary>The same elements, row-major in another shape of as many.</summary>
    internal HostArray Reshaped(Shape shape) => new(DType, shape, Pointer, Owner);

    /// <summary>Bytes to fill, of an array fresh from <see cref="Allocate"/>.</summary>
    internal Span<byte> Writable(long start, int count) =>
        managed is null ? new(Pointer + start, count) : managed.AsSpan((int)start, count);

    /// <summary>Some bytes; the caller has checked the range.</summary>
    internal ReadOnlySpan<byte> Part(long start, int count) => Writable(start, count);

    // Beyond what a managed array holds.
    private sealed class NativeBlock
    {
        private readonly long bytes;

        public NativeBlock(long bytes)
        {
            this.bytes = bytes;
            Pointer = (byte*)NativeMemory.Alloc((nuint)bytes);
            GC.AddMemoryPressure(bytes);
        }

        ~NativeBlock()
        {
            if (Pointer is null) return; // the allocation threw
            NativeMemory.Free(Pointer);
            GC.RemoveMemoryPressure(bytes);
        }

        public byte* Pointer { get; }
    }
}
