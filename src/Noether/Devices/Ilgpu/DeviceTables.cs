using ILGPU;
using ILGPU.Runtime;

namespace Noether.Devices.Ilgpu;

/// <summary>Tables that kernels read, in the device's memory: kept while there is room, those used longest ago given up first. The caller's gate protects it.</summary>
/// <remarks>Recorded work runs again and again: a table that it reads is never given up.</remarks>
/// <param name="accelerator">Whose memory.</param>
/// <param name="stream">Where the tables are read.</param>
/// <param name="room">Bytes of the tables that may be given up.</param>
internal sealed class DeviceTables(Accelerator accelerator, AcceleratorStream stream, long room)
{
    // One launch reads so many at most.
    private const int Together = 4;

    private readonly Dictionary<object, Entry> entries = [];
    private long bytes; // of what may be given up
    private long uses;

    /// <summary>How many there are.</summary>
    public int Count => entries.Count;

    /// <summary>The table of a key, if it is there.</summary>
    /// <param name="key">What is in it.</param>
    /// <param name="isRecording">It is read by work that is recorded.</param>
    public ArrayView<byte>? Find(object key, bool isRecording)
    {
        if (!entries.TryGetValue(key, out var entry)) return null;
        entry.LastUse = ++uses;
        if (isRecording && !entry.IsPinned)
        {
            entry.IsPinned = true;
            bytes -= entry.Buffer.LengthInBytes;
        }

        return entry.Buffer.View.BaseView;
    }

    /// <summary>Adds a table; waits for the stream.</summary>
    public ArrayView<byte> Add<T>(object key, T[] values)
        where T : unmanaged
    {
        var buffer = accelerator.Allocate1D<byte>(values.Length * (long)Interop.SizeOf<T>());
        buffer.View.BaseView.Cast<T>().CopyFromCPU(stream, values);
        stream.Synchronize();
        entries.Add(key, new(buffer) { LastUse = ++uses });
        for (bytes += buffer.LengthInBytes; bytes > room && Oldest() is { } oldest; bytes -= oldest.Value.Buffer.LengthInBytes)
        {
            entries.Remove(oldest.Key);
            oldest.Value.Buffer.Dispose();
        }

        return buffer.View.BaseView;
    }

    private KeyValuePair<object, Entry>? Oldest()
    {
        KeyValuePair<object, Entry>? oldest = null;
        foreach (var pair in entries)
            if (!pair.Value.IsPinned && pair.Value.LastUse <= uses - Together && !(oldest?.Value.LastUse < pair.Value.LastUse)) oldest = pair;
        return oldest;
    }

    private sealed class Entry(MemoryBuffer1D<byte, Stride1D.Dense> buffer)
    {
        public MemoryBuffer1D<byte, Stride1D.Dense> Buffer { get; } = buffer;

        public long LastUse { get; set; }

        public bool IsPinned { get; set; }
    }
}
