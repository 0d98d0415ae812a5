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
}
