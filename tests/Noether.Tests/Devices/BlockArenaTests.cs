using Noether.Devices;

namespace Noether.Tests.Devices;

public sealed class BlockArenaTests
{
    private MemoryPool pool = null!;
    private BlockArena arena = null!;

    [SetUp]
    public void Create()
    {
        nint blocks = 0;
        pool = new(Device.Host, _ => ++blocks, static (_, _) => { }) { Budget = 10_000 };
        arena = pool.NewArena();
        Assert.That(pool.TryHold(arena), Is.True);
    }

    [Test]
    public void Equal_runs_find_equal_blocks()
    {
        var first = Run();
        Assert.That(Run(), Is.EqualTo(first));
        Assert.That(arena.Count, Is.EqualTo(2));
        var live = pool.Live;
        Assert.That(pool.Rent(100, out _), Is.Not.AnyOf(first), "to others they are in use");
        Assert.That(live, Is.GreaterThan(5100));

        nint[] Run()
        {
            pool.Enter(arena);
            nint small = pool.Rent(100, out var few), large = pool.Rent(5000, out var many);
            pool.Return(large, many);
            pool.Return(small, few);
            pool.Leave();
            return [small, large];
        }
    }

    [Test]
    public void A_run_gets_the_blocks_of_the_first_one_whatever_the_order_of_return()
    {
        var first = Run();
        for (var i = 0; i < 3; i++) Assert.That(Run(), Is.EqualTo(first));
        Assert.That(arena.Count, Is.EqualTo(4));

        nint[] Run()
        {
            pool.Enter(arena, isRun: true);
            nint a = pool.Rent(100, out var size), b = pool.Rent(100, out _), c = pool.Rent(100, out _);
            pool.Return(a, size);
            nint d = pool.Rent(100, out _), e = pool.Rent(100, out _);
            foreach (var block in new[] { c, d, e, b }) pool.Return(block, size);
            pool.Leave();
            return [a, b, c, d, e];
        }
    }

    [Test]
    public void A_block_rented_apart_is_not_the_arenas()
    {
        pool.Enter(arena, isRun: true);
        var kept = pool.RentApart(100, 1);
        pool.Leave();
        Assert.That(arena.Count, Is.Zero);
        Assert.That(pool.Live, Is.Positive);
        kept.Release();
        Assert.That(pool.Live, Is.Zero);
    }

    [Test]
    public void A_block_that_comes_back_by_another_way_ends_what_was_recorded()
    {
        pool.Enter(arena);
        var block = pool.Rent(100, out var capacity);
        pool.Leave();
        pool.Return(block, capacity);
        pool.LetGo(arena);
        Assert.That(pool.TryHold(arena), Is.False);
        Assert.That(pool.Rent(100, out _), Is.EqualTo(block));
    }

    [Test]
    public void Arenas_are_given_up_before_a_request_is_refused_but_not_while_they_are_held()
    {
        pool.Enter(arena);
        pool.Return(pool.Rent(6000, out var capacity), capacity);
        pool.Leave();
        Assert.That(() => pool.Rent(6000, out _), Throws.TypeOf<MemoryException>());
        Assert.That(arena.IsGone, Is.False);
        pool.LetGo(arena);
        Assert.That(pool.Rent(6000, out _), Is.Not.Zero);
        Assert.That(arena.IsGone, Is.True);
        Assert.That(pool.Live, Is.EqualTo(capacity));
    }

    [Test]
    public void Blocks_that_the_recording_keeps_are_given_up_with_it_and_those_that_others_have_are_not()
    {
        pool.Enter(arena);
        nint kept = pool.Rent(100, out var capacity), taken = pool.Rent(100, out _);
        pool.Leave();
        arena.Keep(kept, capacity);
        arena.Dispose();
        Assert.That(pool.Live, Is.EqualTo(capacity));
        pool.Return(taken, capacity);
        Assert.That(pool.Live, Is.Zero);
    }
}
