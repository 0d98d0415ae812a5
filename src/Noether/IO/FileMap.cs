using System.IO.MemoryMappedFiles;

namespace Noether;

/// <summary>A file mapped into memory for reading. Unmapped when collected: whoever uses <see cref="Pointer"/> keeps it reachable.</summary>
internal sealed unsafe class FileMap : IDisposable
{
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view; // its handle has a finalizer

    public FileMap(FileStream stream)
    {
        Length = stream.Length;
        file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        try
        {
            view = file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
            byte* start = null;
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            Pointer = start + view.PointerOffset;
        }
        catch
        {
            view?.Dispose();
            file.Dispose();
            throw;
        }
    }

    ~FileMap() => Unmap();

    public long Length { get; }

    public byte* Pointer { get; private set; }

    public ReadOnlySpan<byte> Part(long start, int count) => new(Pointer + start, count);

    public void Dispose()
    {
        Unmap();
        GC.SuppressFinalize(this);
    }

    // The acquired pointer counts as a use of the view's handle, which therefore outlives this object until it is given back.
    private void Unmap()
    {
        if (Pointer is null) return;
        Pointer = null;
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file.Dispose();
    }
}
