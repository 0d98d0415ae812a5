using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.Random;

/// <summary>Random bits of Philox 4x32-10 streams: the device's form of <see cref="Philox.Fill"/>.</summary>
/// <remarks>
/// Algorithm: a thread makes one block of four words and stores those that lie in its row.
/// Layout:    keys [rows, 2], bits [rows, columns]; row r holds the first elements of the stream of key r.
/// Limit:     bandwidth: 4 bytes an element; some 70 integer instructions a block.
/// Reference: <see cref="Philox.Fill"/>, equal to the bit.
/// </remarks>
public sealed class PhiloxKernel(Accelerator accelerator)
{
    private readonly Lazy<Action<AcceleratorStream, KernelConfig, uint, uint, long, ArrayView<int>>> launch =
        new(() => accelerator.LoadKernel<uint, uint, long, ArrayView<int>>(Kernel, Grids.Specialization(accelerator)));

    private readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<int>, ArrayView<int>, long>> launchRows =
        new(() => accelerator.LoadKernel<ArrayView<int>, ArrayView<int>, long>(RowsKernel, Grids.Specialization(accelerator)));

    /// <summary>Enqueues elements <paramref name="offset"/>, … of one key's stream.</summary>
    public void Launch(AcceleratorStream stream, uint key0, uint key1, long offset, ArrayView<int> bits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (bits.Length == 0) return;
        var blocks = (offset + bits.Length + 3) / 4 - offset / 4;
        launch.Value(stream, Grids.Over(accelerator, blocks), key0, key1, offset, bits);
    }

    /// <summary>Enqueues one stream a row, with the keys in device memory.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="keys">Two words a row.</param>
    /// <param name="bits">[rows, columns].</param>
    /// <param name="columns">Elements a row.</param>
    public void Launch(AcceleratorStream stream, ArrayView<int> keys, ArrayView<int> bits, long columns)
    {
        if (bits.Length == 0) return;
        launchRows.Value(stream, Grids.Over(accelerator, bits.Length / columns * ((columns + 3) / 4)), keys, bits, columns);
    }

    private static void Kernel(uint key0, uint key1, long offset, ArrayView<int> bits)
    {
        var block = (offset >> 2) + Grids.Thread;
        Store(bits, 0, bits.Length, (block << 2) - offset, Philox.Block(key0, key1, Philox.Counter((ulong)block)));
    }

    private static void RowsKernel(ArrayView<int> keys, ArrayView<int> bits, long columns)
    {
        var blocks = (columns + 3) / 4;
        var thread = Grids.Thread;
        var row = thread / blocks;
        var block = thread - row * blocks;
        if (row * columns >= bits.Length) return;
        var words = Philox.Block((uint)keys[2 * row], (uint)keys[2 * row + 1], Philox.Counter((ulong)block));
        Store(bits, row * columns, columns, block << 2, words);
    }

    // Words of a block that lie in [0, length) of their row.
    private static void Store(ArrayView<int> bits, long row, long length, long at, PhiloxBlock words)
    {
        if (at >= 0 && at < length) bits[row + at] = (int)words.X;
        if (at + 1 >= 0 && at + 1 < length) bits[row + at + 1] = (int)words.Y;
        if (at + 2 >= 0 && at + 2 < length) bits[row + at + 2] = (int)words.Z;
        if (at + 3 >= 0 && at + 3 < length) bits[row + at + 3] = (int)words.W;
    }
}
