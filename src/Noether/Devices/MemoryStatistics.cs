using Noether.Devices;

namespace Noether;

/// <summary>What a device's pool holds and has done.</summary>
/// <param name="Live">Bytes in use, garbage not yet collected included.</param>
/// <param name="Peak">The most bytes in use since the start or the last <see cref="Memory.ResetPeak"/>.</param>
/// <param name="Pooled">Bytes that are free but kept for reuse.</param>
/// <param name="Reserved">Bytes taken from the system or the driver; on an accelerator whole slabs, whose free parts are neither live nor pooled.</param>
/// <param name="Budget">The most bytes that may be live and pooled together.</param>
/// <param name="Requests">Blocks asked for since the start.</param>
/// <param name="Reused">How many of them the pool had.</param>
public sealed record MemoryStatistics(long Live, long Peak, long Pooled, long Reserved, long Budget, long Requests, long Reused)
{
    /// <summary>One line: <c>1.2 GiB live (peak 3 GiB), 800 MiB pooled, 4 GiB reserved of 72 GiB; 1000 requests, 98 % reused</c>.</summary>
    public override string ToString() =>
        $"{MemoryPool.Text(Live)} live (peak {MemoryPool.Text(Peak)}), {MemoryPool.Text(Pooled)} pooled, {MemoryPool.Text(Reserved)} reserved of {MemoryPool.Text(Budget)}; "
        + $"{Requests} requests, {100 * Reused / Math.Max(1, Requests)} % reused";
}
