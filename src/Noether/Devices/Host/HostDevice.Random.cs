using Noether.Kernels.Random;

namespace Noether.Devices.Host;

internal sealed unsafe partial class HostDevice
{
    private const long RandomGrain = 1 << 16; // words a task, a multiple of Philox's block of 4

    internal override void RandomBits(View keys, View y, long each)
    {
        if (each == 0) return;
        var words = Address<uint>(keys);
        var bits = Address<uint>(y);
        var count = y.Size / each;
        var parts = (each + RandomGrain - 1) / RandomGrain;
        WorkerPool.Shared.For(checked((int)(count * parts)), task =>
        {
            var (key, start) = (task / parts, task % parts * RandomGrain);
            var length = (int)Math.Min(RandomGrain, each - start);
            Philox.Fill(words[2 * key], words[2 * key + 1], new(bits + key * each + start, length), start);
        });
    }
}
