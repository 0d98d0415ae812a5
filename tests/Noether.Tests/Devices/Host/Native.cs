using System.Numerics;
using System.Runtime.InteropServices;

namespace Noether.Tests.Devices.Host;

/// <summary>A block of native memory with guard values on both sides, which must still be there when it is disposed.</summary>
internal sealed unsafe class Native<T> : IDisposable
    where T : unmanaged, INumber<T>
{
    private const int Guard = 32;
    private readonly T* memory;

    public Native(long count)
    {
        Count = (int)count;
        memory = (T*)NativeMemory.AlignedAlloc((nuint)((count + 2 * Guard) * sizeof(T)), 64);
        new Span<T>(memory, Count + 2 * Guard).Fill(T.CreateChecked(77));
    }

    /// <summary>Uniform in [-1, 1), or integers in [-100, 100).</summary>
    public Native(long count, Random random)
        : this(count)
    {
        foreach (ref var x in Span)
            x = typeof(T) == typeof(float) || typeof(T) == typeof(double)
                ? T.CreateTruncating(2 * random.NextDouble() - 1)
                : T.CreateTruncating(random.Next(typeof(T) == typeof(byte) ? 0 : -100, 100));
    }

    public int Count { get; }

    public T* Pointer => memory + Guard;

    public Span<T> Span => new(Pointer, Count);

    public T this[long i]
    {
        get => Pointer[i];
        set => Pointer[i] = value;
    }

    public void Dispose()
    {
        var intact = true;
        for (var i = 0; i < Guard; i++)
            intact &= memory[i] == T.CreateChecked(77) && memory[Guard + Count + i] == T.CreateChecked(77);
        NativeMemory.AlignedFree(memory);
        Assert.That(intact, "a kernel wrote beyond its output");
    }
}
