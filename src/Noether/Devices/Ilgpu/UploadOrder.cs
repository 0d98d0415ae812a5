namespace Noether.Devices.Ilgpu;

/// <summary>
/// When an upload may begin on a stream of its own, while kernels run: as soon as whatever used the block before is done, instead of when all that is
/// queued is.
/// </summary>
/// <remarks>
/// <para>Each large upload sets a mark on the computing stream. A block that comes back to the pool notes how many marks there were (its ticket): what
/// used it lies before the next one. So an upload into it waits for the mark of that number, and for one set now if there is none yet. Of a loader's
/// batches, each then waits for the step before the last, and is copied while the last one computes, if the pool gives it another block than the one that has
/// just come back: <see cref="IsSettled"/>.</para>
/// <para>Kernels that are queued after the upload wait for it, those before do not.</para>
/// </remarks>
internal sealed class UploadOrder(ICopyMarks marks)
{
    /// <summary>How many marks are kept: an older one counts as the oldest of them, which is passed later.</summary>
    public const int Marks = 8;

    private long count;

    /// <summary>The ticket of a block that is given back now.</summary>
    public long Ticket => Interlocked.Read(ref count);

    /// <summary>True if a mark stands behind what used the block.</summary>
    public bool IsSettled(long ticket) => ticket < Ticket;

    /// <summary>What is queued for copying from now on goes into a block.</summary>
    /// <param name="ticket">The block's; negative for one that was never used.</param>
    public void Begin(long ticket)
    {
        var number = Ticket;
        marks.Set((int)(number % Marks));
        Interlocked.Increment(ref count);
        if (ticket >= 0) marks.HoldCopies((int)(Math.Max(ticket, number - Marks + 1) % Marks));
    }

    /// <summary>What is queued for computing from now on may read the block.</summary>
    public void End() => marks.HoldWork();
}
