namespace Noether.Kernels.Attention;

/// <summary>The sizes of attention among the weights that meet in a layer of neurons.</summary>
public struct NeuronSizes
{
    /// <summary>Heads.</summary>
    public int Heads;

    /// <summary>Channels of a head.</summary>
    public int Channels;

    /// <summary>Neurons of the layer.</summary>
    public int Neurons;

    /// <summary>Columns of the incoming weights.</summary>
    public int Left;

    /// <summary>Columns of biases: 1, or 0 without.</summary>
    public int Biases;

    /// <summary>Rows of the outgoing weights.</summary>
    public int Right;

    /// <summary>Tokens of a head.</summary>
    public readonly int Tokens => Left + Biases + Right;

    /// <summary>Numbers of a token.</summary>
    public readonly int Length => Channels * Neurons;
}
