namespace Noether.Devices;

/// <summary>
/// Gives out pieces of a few large regions (slabs) of a device's memory, whose own allocation is slow and waits for the device's work.
/// </summary>
/// <remarks>
/// Best fit, and neighbours that are free grow together, so a slab whose pieces are all given back is whole again. Slabs double, from
/// <see cref="FirstSlab"/> to <see cref="LargestSlab"/>; a larger request has one of its own. Starts and sizes are multiples of <see cref="Alignment"/>.
/// Free pieces are found in O(log n). Not safe under several threads: the pool's gate protects it.
/// </remarks>
/// <param name="reserve">Takes a region of so many bytes from the driver; null if there is none.</param>
/// <param name="release">Gives a region back.</param>
internal sealed class SlabAllocator<TMemory>(Func<long, TMemory?> reserve, Action<TMemory> release)
    where TMemory : class
{
    /// <summary>What GPUs load at once by all threads of a warp, and twice what any view needs.</summary>
    public const long Alignment = 256;

    public const long FirstSlab = 32L << 20;
    public const long LargestSlab = 1L << 30;

    private readonly List<Piece> slabs = []; // the first piece of each
    private readonly SortedSet<Piece> free = new(Comparer<Piece>.Create(static (a, b) => (a.Size, a.Slab, a.Start).CompareTo((b.Size, b.Slab, b.Start))));
    private int numbers;

    /// <summary>Bytes of all slabs.</summary>
    public long Reserved { get; private set; }

    public int Slabs => slabs.Count;

    /// <summary>A piece of at least so many bytes, or null if there is none and no slab to be had.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="limit">The most that may be reserved in all.</param>
    public Piece? Allocate(long bytes, long limit)
    {
        var size = Math.Max(1, (bytes + Alignment - 1) / Alignment) * Alignment;
        if (Fitting(size) is not { } piece)
        {
            if (!Grow(size, limit - Reserved)) return null;
            piece = Fitting(size)!;
        }

        free.Remove(piece);
        piece.IsFree = false;
        if (piece.Size > size)
        {
            var rest = new Piece(piece.Memory, piece.Slab, piece.Start + size, piece.Size - size) { Previous = piece, Next = piece.Next, IsFree = true };
            if (piece.Next is { } next) next.Previous = rest;
            (piece.Next, piece.Size) = (rest, size);
            free.Add(rest);
        }

        return piece;
    }

    /// <summary>Takes a piece back.</summary>
    public void Free(Piece piece)
    {
        if (piece.Next is { IsFree: true } next)
        {
            free.Remove(next);
            Join(piece, next);
        }

        if (piece.Previous is { IsFree: true } previous)
        {
            free.Remove(previous);
            Join(previous, piece);
            piece = previous;
        }

        piece.IsFree = true;
        free.Add(piece);
    }

    /// <summary>Gives slabs that nobody uses back to the driver.</summary>
    public void Trim()
    {
        foreach (var slab in slabs.Where(IsIdle).ToArray())
        {
            slabs.Remove(slab);
            free.Remove(slab);
            Reserved -= slab.Size;
            release(slab.Memory);
        }
    }

    private static bool IsIdle(Piece first) => first is { IsFree: true, Next: null };

    private static void Join(Piece piece, Piece next)
    {
        piece.Size += next.Size;
        piece.Next = next.Next;
        if (next.Next is { } after) after.Previous = piece;
    }

    private Piece? Fitting(long size) => free.GetViewBetween(Probe(size, int.MinValue), Probe(long.MaxValue, int.MaxValue)).Min;

    private bool Grow(long size, long room)
    {
        if (size > room) return false;
        var usual = Math.Min(Math.Clamp(Reserved, FirstSlab, LargestSlab), room / Alignment * Alignment);
        foreach (var slab in size < usual ? (long[])[usual, size] : [size]) // a device that is nearly full may still have the lesser
        {
            if (reserve(slab) is not { } memory) continue;
            var piece = new Piece(memory, numbers++, 0, slab) { IsFree = true };
            Reserved += slab;
            slabs.Add(piece);
            free.Add(piece);
            return true;
        }

        return false;
    }

    private static Piece Probe(long size, int slab) => new(null!, slab, 0, size);

    /// <summary>Part of a slab.</summary>
    internal sealed class Piece(TMemory memory, int slab, long start, long size)
    {
        public TMemory Memory { get; } = memory;

        /// <summary>The slab's number.</summary>
        public int Slab { get; } = slab;

        /// <summary>Bytes from the slab's start.</summary>
        public long Start { get; } = start;

        public long Size { get; set; } = size;

        public bool IsFree { get; set; }

        /// <summary>Says when what used the piece last is done: see <c>UploadOrder</c>.</summary>
        public long Ticket { get; set; }

        /// <summary>The pieces before and behind it in the slab.</summary>
        public Piece? Previous { get; set; }

        public Piece? Next { get; set; }
    }
}
