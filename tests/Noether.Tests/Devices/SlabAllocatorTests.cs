using Noether.Devices;

namespace Noether.Tests.Devices;

public sealed class SlabAllocatorTests
{
    private const long First = SlabAllocator<Region>.FirstSlab;

    private readonly List<Region> reserved = [];
    private long available;

    [SetUp]
    public void Clear()
    {
        reserved.Clear();
        available = long.MaxValue;
    }

    [Test]
    public void Pieces_are_aligned_and_lie_side_by_side_in_one_slab()
    {
        var slabs = Slabs();
        var pieces = new long[] { 1, 256, 257, 5000 }.Select(bytes => slabs.Allocate(bytes, long.MaxValue)!).ToArray();
        Assert.That(pieces.Select(piece => piece.Start), Is.EqualTo(new long[] { 0, 256, 512, 1024 }));
        Assert.That(pieces.Select(piece => piece.Size), Is.EqualTo(new long[] { 256, 256, 512, 5120 }));
        Assert.That(slabs.Reserved, Is.EqualTo(First));
    }

    [Test]
    public void The_smallest_free_piece_that_is_large_enough_is_taken()
    {
        var slabs = Slabs();
        var pieces = new long[] { 4096, 256, 1024, 256, 2048, 256 }.Select(bytes => slabs.Allocate(bytes, long.MaxValue)!).ToArray();
        foreach (var i in new[] { 0, 2, 4 }) slabs.Free(pieces[i]);
        Assert.That(slabs.Allocate(900, long.MaxValue)!.Start, Is.EqualTo(pieces[2].Start));
        Assert.That(slabs.Allocate(1025, long.MaxValue)!.Start, Is.EqualTo(pieces[4].Start));
    }

    [Test]
    public void Free_neighbours_grow_together_whatever_the_order([Values(0, 1, 2, 3, 4, 5)] int order)
    {
        var slabs = Slabs();
        var pieces = Enumerable.Range(0, 3).Select(_ => slabs.Allocate(First / 4, long.MaxValue)!).ToList();
        for (int left = 3, code = order; left > 0; left--)
        {
            var place = code % left;
            code /= left;
            slabs.Free(pieces[place]);
            pieces.RemoveAt(place);
        }

        Assert.That(slabs.Allocate(First, long.MaxValue), Is.Not.Null);
        Assert.That(slabs.Slabs, Is.EqualTo(1));
    }

    [Test]
    public void Slabs_double_and_a_large_request_has_one_of_its_own()
    {
        var slabs = Slabs();
        slabs.Allocate(First, long.MaxValue);
        slabs.Allocate(256, long.MaxValue);
        slabs.Allocate(First + 1, long.MaxValue);
        slabs.Allocate(3 * SlabAllocator<Region>.LargestSlab, long.MaxValue);
        Assert.That(
            reserved.Select(region => region.Bytes),
            Is.EqualTo(new[] { First, First, 2 * First, 3 * SlabAllocator<Region>.LargestSlab }));
    }

    [Test]
    public void No_more_is_reserved_than_the_limit_and_no_slab_where_the_request_does_not_fit()
    {
        var slabs = Slabs();
        Assert.That(slabs.Allocate(1 << 20, (1 << 20) - 1), Is.Null);
        Assert.That(slabs.Allocate(1 << 20, 1 << 20), Is.Not.Null);
        Assert.That(slabs.Allocate(256, 1 << 20), Is.Null);
        Assert.That(slabs.Reserved, Is.EqualTo(1 << 20));
    }

    [Test]
    public void A_driver_without_room_for_a_usual_slab_may_have_room_for_the_request()
    {
        available = 4096;
        var slabs = Slabs();
        Assert.That(slabs.Allocate(4000, long.MaxValue)!.Size, Is.EqualTo(4096));
        Assert.That(slabs.Allocate(1, long.MaxValue), Is.Null);
    }

    [Test]
    public void Only_slabs_without_pieces_are_given_back()
    {
        var slabs = Slabs();
        var first = slabs.Allocate(First, long.MaxValue)!;
        var second = slabs.Allocate(256, long.MaxValue)!;
        slabs.Free(first);
        slabs.Trim();
        Assert.That(reserved.Select(region => region.IsReleased), Is.EqualTo(new[] { true, false }));
        slabs.Free(second);
        slabs.Trim();
        Assert.That(reserved.Select(region => region.IsReleased), Is.All.True);
        Assert.That(slabs.Reserved, Is.Zero);
    }

    [Test]
    public void Random_requests_never_overlap_and_leave_nothing_behind([Values(1, 2, 3)] int seed)
    {
        var random = new Random(seed);
        var slabs = Slabs();
        var held = new List<SlabAllocator<Region>.Piece>();
        for (var i = 0; i < 2000; i++)
        {
            if (held.Count > 0 && random.Next(5) < 2)
            {
                var place = random.Next(held.Count);
                slabs.Free(held[place]);
                held.RemoveAt(place);
            }
            else
            {
                held.Add(slabs.Allocate(random.NextInt64(1, 1L << random.Next(9, 24)), long.MaxValue)!);
            }
        }

        foreach (var slab in held.GroupBy(piece => piece.Slab))
        {
            var end = 0L;
            foreach (var piece in slab.OrderBy(piece => piece.Start))
            {
                Assert.That(piece.Start, Is.GreaterThanOrEqualTo(end));
                end = piece.Start + piece.Size;
            }

            Assert.That(end, Is.LessThanOrEqualTo(slab.First().Memory.Bytes));
        }

        held.ForEach(slabs.Free);
        slabs.Trim();
        Assert.That(reserved.All(region => region.IsReleased), Is.True);
    }

    private SlabAllocator<Region> Slabs() => new(
        bytes =>
        {
            if (bytes > available) return null;
            available -= bytes;
            reserved.Add(new(bytes));
            return reserved[^1];
        },
        region => region.IsReleased = true);

    internal sealed class Region(long bytes)
    {
        public long Bytes { get; } = bytes;

        public bool IsReleased { get; set; }
    }
}
