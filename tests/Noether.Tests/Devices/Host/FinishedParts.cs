using Noether.Devices.Host;

namespace Noether.Tests.Devices.Host;

/// <summary>Notes which elements of a matrix a kernel calls final, how often, and what they are at that time.</summary>
internal sealed unsafe class FinishedParts<T>(T* matrix, long size, int width) : IRegionBody
    where T : unmanaged
{
    private readonly T[] seen = new T[size];
    private readonly int[] calls = new int[size];

    public void Invoke(void* first, long rows, int columns)
    {
        var start = (T*)first - matrix;
        for (var row = 0; row < rows; row++)
            for (var i = start + (long)row * width; i < start + (long)row * width + columns; i++)
            {
                seen[i] = matrix[i];
                Interlocked.Increment(ref calls[i]);
            }
    }

    /// <summary>Every element was called final once, when it was, if the kernel says that it did so; else none.</summary>
    public void Check(bool isDone, string what)
    {
        Assert.That(calls.AsSpan().IndexOfAnyExcept(isDone ? 1 : 0), Is.EqualTo(-1), $"{what}: first element not called final {(isDone ? "once" : "never")}");
        if (isDone) Assert.That(new ReadOnlySpan<T>(matrix, seen.Length).SequenceEqual(seen), $"{what}: parts were called final before they were");
    }
}
