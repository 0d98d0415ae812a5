namespace Noether.Nn.Tests;

public class PrefetchingTests
{
    [Test]
    public void Items_come_in_order_and_whole() =>
        Assert.That(Enumerable.Range(0, 1000).Prefetch(3), Is.EqualTo(Enumerable.Range(0, 1000)));

    [Test]
    public void No_more_than_the_bound_are_made_ahead()
    {
        var made = 0;
        using var items = Counted().Prefetch(2).GetEnumerator();
        items.MoveNext();
        Assert.That(() => Volatile.Read(ref made), Is.EqualTo(4).After(5000, 1)); // one taken, two waiting, one in the producer's hand
        Thread.Sleep(20);
        Assert.That(Volatile.Read(ref made), Is.EqualTo(4));

        IEnumerable<int> Counted()
        {
            for (var i = 0; ; i++)
            {
                Interlocked.Increment(ref made);
                yield return i;
            }
        }
    }

    [Test]
    public void An_exception_reaches_the_consumer_at_its_place()
    {
        var seen = new List<int>();
        var error = Assert.Throws<InvalidOperationException>(() => seen.AddRange(Failing().Prefetch()))!;
        Assert.That(error.Message, Is.EqualTo("third"));
        using (Assert.EnterMultipleScope())
        {
            seen.Clear();
            Assert.That(() => { foreach (var item in Failing().Prefetch()) seen.Add(item); }, Throws.InvalidOperationException);
            Assert.That(seen, Is.EqualTo([1, 2]));
        }

        static IEnumerable<int> Failing()
        {
            yield return 1;
            yield return 2;
            throw new InvalidOperationException("third");
        }
    }

    [Test]
    public void Leaving_early_stops_the_thread_and_disposes_the_source()
    {
        var disposed = false;
        foreach (var item in Endless().Prefetch())
        {
            if (item == 5) break;
        }

        Assert.That(Volatile.Read(ref disposed), Is.True);

        IEnumerable<int> Endless()
        {
            try
            {
                for (var i = 0; ; i++) yield return i;
            }
            finally
            {
                Volatile.Write(ref disposed, true);
            }
        }
    }

    [Test]
    public void Nothing_runs_before_the_first_item_is_asked_for_and_wrong_bounds_are_refused()
    {
        var started = false;
        _ = Started().Prefetch();
        Assert.That(started, Is.False);
        Assert.That(() => Started().Prefetch(0), Throws.TypeOf<ArgumentOutOfRangeException>());

        IEnumerable<int> Started()
        {
            started = true;
            yield return 1;
        }
    }
}
