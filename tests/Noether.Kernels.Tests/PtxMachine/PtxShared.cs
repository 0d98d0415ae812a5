namespace Noether.Kernels.Tests;

/// <summary>
/// Shared memory of a group; it begins full of bytes 0xFF. If asked it watches races: a byte that one thread writes, no other may read or write
/// before the next barrier, nor may one write what another has read; and what an asynchronous copy is to fill, nobody may touch until it is waited for.
/// </summary>
internal sealed class PtxShared
{
    private const int Many = -1; // readers

    private readonly byte[] bytes;
    private readonly Place[] places; // empty if nothing is watched
    private int epoch = 1; // barriers passed, and one

    public PtxShared(int count, bool watchesRaces)
    {
        bytes = new byte[count];
        bytes.AsSpan().Fill(0xFF);
        places = watchesRaces ? new Place[count] : [];
    }

    /// <summary>Bytes that a thread reads.</summary>
    public Span<byte> Read(long address, int count, int thread)
    {
        var span = At(address, count);
        if (places.Length == 0) return span;
        foreach (ref var place in places.AsSpan((int)address - PtxAddress.Shared, count))
        {
            if (place.Copying != 0) throw new PtxException($"shared memory at 0x{address:X} is read while thread {place.Copying - 1} copies to it");
            if (place.WriteEpoch == epoch && place.Writer != thread) throw new PtxException($"a race: shared memory at 0x{address:X} was written by thread {place.Writer} since the last barrier");
            place.Reader = place.ReadEpoch == epoch && place.Reader != thread ? Many : thread;
            place.ReadEpoch = epoch;
        }

        return span;
    }

    /// <summary>Bytes that a thread is about to write.</summary>
    public Span<byte> Write(long address, int count, int thread)
    {
        var span = At(address, count);
        if (places.Length == 0) return span;
        foreach (ref var place in places.AsSpan((int)address - PtxAddress.Shared, count))
        {
            if (place.Copying != 0) throw new PtxException($"shared memory at 0x{address:X} is written while thread {place.Copying - 1} copies to it");
            if (place.WriteEpoch == epoch && place.Writer != thread) throw new PtxException($"a race: shared memory at 0x{address:X} was written by thread {place.Writer} since the last barrier");
            if (place.ReadEpoch == epoch && place.Reader != thread)
                throw new PtxException($"a race: shared memory at 0x{address:X} was read by {(place.Reader == Many ? "several threads" : $"thread {place.Reader}")} since the last barrier");
            (place.Writer, place.WriteEpoch) = (thread, epoch);
        }

        return span;
    }

    /// <summary>A copy may write from now on.</summary>
    public void BeginCopy(long address, int count, int thread)
    {
        Write(address, count, thread);
        if (places.Length == 0) return;
        foreach (ref var place in places.AsSpan((int)address - PtxAddress.Shared, count)) place.Copying = thread + 1;
    }

    /// <summary>A copy has written.</summary>
    public void EndCopy(long address, ReadOnlySpan<byte> values, int thread)
    {
        if (places.Length > 0)
        {
            foreach (ref var place in places.AsSpan((int)address - PtxAddress.Shared, values.Length)) place.Copying = 0;
        }

        values.CopyTo(Write(address, values.Length, thread));
    }

    /// <summary>All threads have met.</summary>
    public void PassBarrier() => epoch++;

    private Span<byte> At(long address, int count)
    {
        var start = address - PtxAddress.Shared;
        if (start < 0 || start + count > bytes.Length) throw new PtxException($"{count} bytes of shared memory at 0x{address:X}; there are {bytes.Length} from 0x{PtxAddress.Shared:X} on");
        return bytes.AsSpan((int)start, count);
    }

    private struct Place
    {
        public int Writer, WriteEpoch, Reader, ReadEpoch;
        public int Copying; // the thread and one, or 0
    }
}
