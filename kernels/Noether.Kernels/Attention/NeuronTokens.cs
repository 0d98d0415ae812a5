using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;

namespace Noether.Kernels.Attention;

/// <summary>The tokens of one head of a layer of neurons, where they lie: columns of incoming weights, then of biases, then rows of outgoing weights.</summary>
/// <remarks>
/// A column's numbers, by channel and neuron, are one stride apart throughout, because channels follow each other by the size of a matrix. A row's
/// are neighbours within a channel.
/// </remarks>
internal struct NeuronTokens<T> : IAttentionRows<T>
    where T : unmanaged, INumber<T>
{
    private ArrayView<T> left;
    private ArrayView<T> bias;
    private ArrayView<T> right;
    private NeuronSizes sizes;

    /// <summary>The head whose channels begin at one of the batch's channels, counted through the batch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NeuronTokens<T> Of(ArrayView<T> left, ArrayView<T> bias, ArrayView<T> right, int channel, NeuronSizes sizes)
    {
        var start = (long)channel * sizes.Neurons;
        return new()
        {
            left = left.SubView(start * sizes.Left, (long)sizes.Length * sizes.Left),
            bias = bias.SubView(start * sizes.Biases, (long)sizes.Length * sizes.Biases),
            right = right.SubView(start * sizes.Right, (long)sizes.Length * sizes.Right),
            sizes = sizes,
        };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T At(int row, int column, int columns)
    {
        if (row >= sizes.Tokens || column >= columns) return T.Zero;
        if (row < sizes.Left) return left[column * sizes.Left + row];
        row -= sizes.Left;
        if (row < sizes.Biases) return bias[column * sizes.Biases + row];
        return right[InRight(row - sizes.Biases, column)];
    }

    /// <summary>Writes four neighbours of a row, as far as it goes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Write(int row, int column, Four<T> x)
    {
        if (row >= sizes.Tokens) return;
        for (var lane = 0; lane < 4 && column < sizes.Length; lane++, column++)
        {
            var value = Four<T>.Pick(x, lane);
            if (row < sizes.Left) left[column * sizes.Left + row] = value;
            else if (row < sizes.Left + sizes.Biases) bias[column * sizes.Biases + row - sizes.Left] = value;
            else right[InRight(row - sizes.Left - sizes.Biases, column)] = value;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int InRight(int row, int column)
    {
        var channel = column / sizes.Neurons;
        return (channel * sizes.Right + row) * sizes.Neurons + column - channel * sizes.Neurons;
    }
}
