using System.Runtime.InteropServices;

namespace Noether.Devices.Host;

/// <summary>Scratch memory for one kernel call, 64-byte aligned and not cleared; <c>using var scratch = Workspace.Rent&lt;T&gt;(n)</c>.</summary>
/// <remarks>
/// Each thread keeps the last few buffers it used, so that a kernel in a training loop asks the system for nothing. Kept are at most
/// <see cref="Kept"/> buffers of at most <see cref="LargestKept"/> bytes a thread; larger ones go back at once, the rest with the thread.
/// </remarks>
internal unsafe ref struct Workspace
{
    private const int Kept = 6;
    private const long LargestKept = 16L << 20;
    private const nuint Alignment = 64; // a cache line, and the widest vector

    [ThreadStatic]
    private static Shelf? OwnShelf;

    private readonly long bytes;
    private void* pointer;

    private Workspace(void* pointer, long bytes)
    {
        this.pointer = pointer;
        this.bytes = bytes;
    }

    /// <summary>Scratch for <paramref name="count"/> elements.</summary>
    public static Workspace Rent<T>(long count)
        where T : unmanaged
    {
        var bytes = Math.Max(checked(count * sizeof(T)), (long)Alignment);
        return (OwnShelf ??= new Shelf()).Take(bytes);
    }

    /// <summary>The memory, as <typeparamref name="T"/>.</summary>
    public readonly T* As<T>()
        where T : unmanaged => (T*)pointer;

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        if (pointer == null)
            return;
        (OwnShelf ??= new Shelf()).Put(pointer, bytes);
        pointer = null;
    }

    private sealed class Shelf
    {
        private readonly void*[] pointers = new void*[Kept];
        private readonly long[] sizes = new long[Kept];
        private int used;

        ~Shelf()
        {
            for (var i = 0; i < used; i++)
                NativeMemory.AlignedFree(pointers[i]);
        }

        public Workspace Take(long bytes)
        {
            var best = -1;
            for (var i = 0; i < used; i++)
                if (sizes[i] >= bytes && (best < 0 || sizes[i] < sizes[best]))
                    best = i;

            if (best < 0)
            {
                // Powers of two from a page up, so that slightly different shapes share buffers.
                var rounded = bytes > LargestKept ? bytes : (long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)Math.Max(bytes, 4096));
                return new Workspace(NativeMemory.AlignedAlloc((nuint)rounded, Alignment), rounded);
            }

            var found = new Workspace(pointers[best], sizes[best]);
            used--;
            pointers[best] = pointers[used];
            sizes[best] = sizes[used];
            return found;
        }

        public void Put(void* pointer, long bytes)
        {
            if (bytes <= LargestKept && used < Kept)
            {
                pointers[used] = pointer;
                sizes[used++] = bytes;
                return;
            }

            var smallest = 0;
            for (var i = 1; i < used; i++)
                if (sizes[i] < sizes[smallest])
                    smallest = i;

            if (bytes <= LargestKept && sizes[smallest] < bytes)
            {
                NativeMemory.AlignedFree(pointers[smallest]);
                pointers[smallest] = pointer;
                sizes[smallest] = bytes;
            }
            else
            {
                NativeMemory.AlignedFree(pointer);
            }
        }
    }
}
