using System.Numerics;
using ILGPU;
using ILGPU.Runtime;

namespace Noether.Kernels.Attention;

/// <summary>
/// Attention among the weights that meet in a layer of neurons: <c>softmax(scale·q·kᵀ)·v</c> with columns of incoming weights, biases, and rows of outgoing
/// weights as tokens, each as long as channels times neurons.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TNumber">Its functions.</typeparam>
/// <remarks>
/// Algorithm: a group makes one head of one of the batch. At most 64 tokens are one tile of scores: the product over the long tokens, brought to shared memory
///            a few columns at a time; softmax by two threads a row; then the weights, kept in shared memory, times v, 64 columns at a time. Scores are
///            made once, however long the tokens.
/// Layout:    weights as they are, packed by the projection (head, query | key | value, channel): no token is gathered or scattered. Rows of a weight
///            matrix coalesce, columns come through the first-level cache, 16 rows of a tile from the lines of one load.
/// Limit:     multiplications: 4·64²·channels·neurons a head, whatever of the tile is tokens; memory: four times the weights for each side.
/// Order:     tokens in order: equal bits on every run.
/// Reference: <see cref="Reference"/>.
/// </remarks>
public sealed class NeuronAttentionKernel<T, TNumber>(Accelerator accelerator)
    where T : unmanaged, INumber<T>
    where TNumber : struct, IAttentionNumber<T, T>
{
    private const int Threads = AttentionTiles<T, T, TNumber>.Threads;
    private const int Tile = AttentionTiles<T, T, TNumber>.Tile;
    private const int Stride = AttentionTiles<T, T, TNumber>.Stride;
    private const int Half = Tile * Tile / Threads; // keys that a thread looks at

    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, NeuronSizes, T> launch =
        accelerator.LoadKernel<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, NeuronSizes, T>(
            Kernel, new KernelSpecialization(Threads, null));

    /// <summary>Enqueues the attention.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="left">Projected incoming weights [batch, 3·heads·channels, neurons, left].</param>
    /// <param name="bias">Projected biases [batch, 3·heads·channels, neurons, biases].</param>
    /// <param name="right">Projected outgoing weights [batch, 3·heads·channels, right, neurons].</param>
    /// <param name="toLeft">[batch, heads·channels, neurons, left]; overwritten.</param>
    /// <param name="toBias">[batch, heads·channels, neurons, biases]; overwritten.</param>
    /// <param name="toRight">[batch, heads·channels, right, neurons]; overwritten.</param>
    /// <param name="batch">How many layers.</param>
    /// <param name="sizes">Sizes.</param>
    /// <param name="scale">What the scores are multiplied by.</param>
    public void Launch(
        AcceleratorStream stream, ArrayView<T> left, ArrayView<T> bias, ArrayView<T> right, ArrayView<T> toLeft, ArrayView<T> toBias, ArrayView<T> toRight,
        int batch, in NeuronSizes sizes, T scale)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sizes.Tokens, Tile);
        if (batch * sizes.Heads * sizes.Length * sizes.Tokens == 0) return;
        launch(stream, new KernelConfig(checked(batch * sizes.Heads), Threads), left, bias, right, toLeft, toBias, toRight, sizes, scale);
    }

    private static void Kernel(
        ArrayView<T> left, ArrayView<T> bias, ArrayView<T> right, ArrayView<T> toLeft, ArrayView<T> toBias, ArrayView<T> toRight, NeuronSizes sizes, T scale)
    {
        var buffer = SharedMemory.Allocate<Four<T>>(2 * TNumber.Step * (Stride / 4));
        var weights = SharedMemory.Allocate<Four<T>>(Tile * (Stride / 4)); // [key, query]
        var factors = SharedMemory.Allocate<Four<T>>(Tile / 4);
        var halves = SharedMemory.Allocate<T>(Threads);
        var weight = weights.Cast<T>();

        // Heads of all the batch follow each other, in operands three roles each.
        var query = NeuronTokens<T>.Of(left, bias, right, Grid.IdxX * 3 * sizes.Channels, sizes);
        var keys = NeuronTokens<T>.Of(left, bias, right, (Grid.IdxX * 3 + 1) * sizes.Channels, sizes);
        var values = NeuronTokens<T>.Of(left, bias, right, (Grid.IdxX * 3 + 2) * sizes.Channels, sizes);
        var results = NeuronTokens<T>.Of(toLeft, toBias, toRight, Grid.IdxX * sizes.Channels, sizes);

        AttentionTiles<T, T, TNumber>.Store(weights, AttentionTiles<T, T, TNumber>.Scores(buffer, query, 0, keys, 0, sizes.Length));
        Group.Barrier();

        var row = Group.IdxX % Tile;
        var half = Group.IdxX / Tile * Half;
        var end = half + Half < sizes.Tokens ? half + Half : sizes.Tokens;
        var top = TNumber.Hidden;
        for (var j = half; j < end; j++)
        {
            var score = weight[j * Stride + row] * scale;
            if (score > top) top = score;
        }

        halves[Group.IdxX] = top;
        Group.Barrier();
        if (halves[row] > top) top = halves[row];
        if (halves[row + Tile] > top) top = halves[row + Tile];
        Group.Barrier();
        var sum = T.Zero;
        for (var j = half; j < half + Half; j++)
        {
            var share = j < sizes.Tokens ? TNumber.Exp(weight[j * Stride + row] * scale - top) : T.Zero;
            weight[j * Stride + row] = share;
            sum += share;
        }

        halves[Group.IdxX] = sum;
        Group.Barrier();
        if (half == 0) factors.Cast<T>()[row] = T.One / (halves[row] + halves[row + Tile]);
        Group.Barrier();
        for (var column = 0; column < sizes.Length; column += Tile)
        {
            RegisterTile<T> tile = default;
            for (var j = 0; j < sizes.Tokens; j += TNumber.Step)
            {
                AttentionTiles<T, T, TNumber>.LoadPanel(buffer, values, j, column, sizes.Length, Tile);
                Group.Barrier();
                tile = AttentionTiles<T, T, TNumber>.AddPanel(tile, weights, j, buffer, 0, Tile / 4 + 1);
                Group.Barrier();
            }

            tile = RegisterTile<T>.Scale(tile, factors[Group.IdxX / 16 * 2], factors[Group.IdxX / 16 * 2 + 1]);
            var to = Group.IdxX / 16 * 8;
            var at = column + Group.IdxX % 16 * 4;
            results.Write(to, at, tile.Row0);
            results.Write(to + 1, at, tile.Row1);
            results.Write(to + 2, at, tile.Row2);
            results.Write(to + 3, at, tile.Row3);
            results.Write(to + 4, at, tile.Row4);
            results.Write(to + 5, at, tile.Row5);
            results.Write(to + 6, at, tile.Row6);
            results.Write(to + 7, at, tile.Row7);
        }
    }

    /// <summary>One head by its definition: tokens [tokens, length] of queries, keys and values.</summary>
    public static double[] Reference(double[] q, double[] k, double[] v, int tokens)
    {
        var length = q.Length / tokens;
        return new AttentionReference(tokens, tokens, length, length, 1 / Math.Sqrt(length), static (_, _) => 0).Forward(q, k, v).Output;
    }
}
