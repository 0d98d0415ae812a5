using Noether.Devices.Host;

namespace Noether.Tests.Devices.Host;

public unsafe class WorkspaceTests
{
    [Test]
    public void Buffers_held_at_once_do_not_overlap_and_are_aligned()
    {
        using var x = Workspace.Rent<float>(1000);
        using var y = Workspace.Rent<float>(1000);
        using var z = Workspace.Rent<double>(5_000_000);
        Assert.That((int)(((nuint)x.As<float>() | (nuint)y.As<float>() | (nuint)z.As<double>()) % 64), Is.Zero);
        Assert.That(Math.Abs(x.As<float>() - y.As<float>()), Is.GreaterThanOrEqualTo(1000));
        new Span<float>(x.As<float>(), 1000).Fill(1);
        new Span<float>(y.As<float>(), 1000).Fill(2);
        Assert.That(new Span<float>(x.As<float>(), 1000).ToArray(), Is.All.EqualTo(1));
    }

    [Test]
    public void A_returned_buffer_serves_the_next_request()
    {
        nuint first = 0, next = 1;
        var thread = new Thread(() => // which has kept no buffer yet
        {
            var x = Workspace.Rent<float>(3000);
            first = (nuint)x.As<float>();
            x.Dispose();
            x.Dispose(); // a second time is harmless
            using var y = Workspace.Rent<float>(2500);
            next = (nuint)y.As<float>();
        });
        thread.Start();
        thread.Join();
        Assert.That(next, Is.EqualTo(first));
    }
}
