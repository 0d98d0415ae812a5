using Noether.Devices.Host;

namespace Noether.Tests.Devices.Host;

public class WorkerPoolTests
{
    [Test]
    public void Every_index_is_visited_once([Values(1, 2, 3, 8)] int threads, [Values(0, 1, 2, 7, 1000)] int count)
    {
        var pool = new WorkerPool(threads);
        var visits = new int[count];
        for (var repeat = 0; repeat < 50; repeat++)
            pool.For(count, i => Interlocked.Increment(ref visits[i]));
        pool.Threads = 1;
        Assert.That(visits, Is.All.EqualTo(50));
    }

    [Test]
    public void A_loop_inside_a_loop_runs_on_its_own_thread()
    {
        var pool = new WorkerPool(4);
        var strangers = 0;
        var total = 0;
        pool.For(16, _ =>
        {
            var outer = Environment.CurrentManagedThreadId;
            pool.For(10, _ =>
            {
                Interlocked.Increment(ref total);
                if (Environment.CurrentManagedThreadId != outer)
                    Interlocked.Increment(ref strangers);
            });
        });
        pool.Threads = 1;
        Assert.That((total, strangers), Is.EqualTo((160, 0)));
    }

    [Test]
    public void Loops_of_several_threads_at_once_all_finish()
    {
        var pool = new WorkerPool(3);
        var total = 0L;
        var callers = Enumerable.Range(0, 6).Select(_ => new Thread(() =>
        {
            for (var repeat = 0; repeat < 200; repeat++)
                pool.For(20, i => Interlocked.Add(ref total, i));
        })).ToArray();
        foreach (var caller in callers)
            caller.Start();
        foreach (var caller in callers)
            caller.Join();
        pool.Threads = 1;
        Assert.That(total, Is.EqualTo(6L * 200 * 190));
    }

    [Test]
    public void An_exception_of_a_body_reaches_the_caller_and_the_pool_goes_on()
    {
        var pool = new WorkerPool(3);
        for (var repeat = 0; repeat < 20; repeat++)
            Assert.That(
                () => pool.For(100, i =>
                {
                    if (i == 57)
                        throw new InvalidOperationException("57");
                }),
                Throws.InvalidOperationException.With.Message.EqualTo("57"));

        var sum = 0;
        pool.For(10, i => Interlocked.Add(ref sum, i));
        pool.Threads = 1;
        Assert.That(sum, Is.EqualTo(45));
    }

    [Test]
    public void The_number_of_threads_may_change_between_loops()
    {
        var pool = new WorkerPool(1);
        foreach (var threads in (int[])[4, 1, 3, 2, 4, 1])
        {
            pool.Threads = threads;
            var sum = 0;
            pool.For(100, i => Interlocked.Add(ref sum, i));
            Assert.That(sum, Is.EqualTo(4950));
        }
    }

    [Test]
    public void A_parked_pool_wakes_up_again()
    {
        var pool = new WorkerPool(3);
        for (var repeat = 0; repeat < 5; repeat++)
        {
            var sum = 0;
            pool.For(100, i => Interlocked.Add(ref sum, i));
            Assert.That(sum, Is.EqualTo(4950));
            Thread.Sleep(3); // far beyond the spinning
        }

        pool.Threads = 1;
    }

    [Test]
    public void A_loop_beside_one_of_another_thread_runs_on_its_own_thread()
    {
        var pool = new WorkerPool(2);
        using ManualResetEventSlim begun = new(), released = new();
        var first = new Thread(() => pool.For(2, _ =>
        {
            begun.Set();
            released.Wait();
        }));
        first.Start();
        begun.Wait();
        var strangers = 0;
        var total = 0;
        var here = Environment.CurrentManagedThreadId;
        pool.For(20, i =>
        {
            total += i;
            if (Environment.CurrentManagedThreadId != here) strangers++;
        });
        released.Set();
        first.Join();
        pool.Threads = 1;
        Assert.That((total, strangers), Is.EqualTo((190, 0)));
    }

    [Test]
    public void Every_thread_takes_part_where_each_part_waits_for_the_others([Values(2, 3, 5)] int threads)
    {
        var pool = new WorkerPool(threads);
        for (var repeat = 0; repeat < 20; repeat++)
        {
            using var meeting = new Barrier(threads); // returns only if all come
            pool.For(threads, _ => meeting.SignalAndWait());
        }

        Assert.That(pool.Threads, Is.EqualTo(threads));
        pool.Threads = 1;
    }

    [Test]
    public void A_body_of_one_part_may_share_a_loop_of_its_own()
    {
        var pool = new WorkerPool(2);
        using var meeting = new Barrier(2);
        pool.For(1, _ => pool.For(2, _ => meeting.SignalAndWait()));
        pool.Threads = 1;
        Assert.That(meeting.CurrentPhaseNumber, Is.EqualTo(1));
    }

    [Test]
    public void Idle_workers_park()
    {
        var pool = new WorkerPool(4);
        pool.For(100, _ => { });
        Assert.That(() => pool.Parked, Is.EqualTo(3).After(5000, 5));
        pool.Threads = 1;
    }

    [Test]
    public void A_loop_allocates_nothing()
    {
        var pool = new WorkerPool(2);
        pool.For(8, default(Nothing)); // starts the workers and makes the loop
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var repeat = 0; repeat < 100; repeat++) pool.For(8, default(Nothing));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        pool.Threads = 1;
    }

    [TestCase("3", 3)]
    [TestCase("0", 8)]
    [TestCase("-2", 8)]
    [TestCase("many", 8)]
    [TestCase(null, 8)]
    public void The_environment_asks_for_a_positive_number_of_threads_or_for_nothing(string? text, int threads) =>
        Assert.That(WorkerPool.Asked(text, 8), Is.EqualTo(threads));

    private readonly struct Nothing : IParallelBody
    {
        public void Invoke(int index)
        {
        }
    }
}
