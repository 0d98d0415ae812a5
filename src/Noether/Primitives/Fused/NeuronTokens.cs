namespace Noether.Primitives;

/// <summary>The weights that meet in one layer of neurons as tokens of one list, and back: the form in which <see cref="NeuronAttention"/> is defined.</summary>
/// <remarks>Tokens are the columns of the incoming weights, then the biases, then the rows of the outgoing weights; each is channels · neurons numbers.</remarks>
internal sealed class NeuronTokens
{
    private readonly int batch, heads, channels, neurons;
    private readonly int[] counts;
    private readonly Tensor all; // [batch, heads, 3, tokens, channels · neurons]

    /// <summary>Tokens of operands whose channels lie as (head, query | key | value, channel).</summary>
    public NeuronTokens(Tensor[] x, int heads)
    {
        (batch, this.heads, channels, neurons) = (x[0].Shape[0], heads, x[0].Shape[1] / 3 / heads, x[0].Shape[2]);
        counts = [x[0].Shape[3], x[1].Shape[3], x[2].Shape[2]];
        all = Together(x, 3);
    }

    /// <summary>What scores are multiplied by.</summary>
    public double Scale => NeuronAttention.ScaleOf(channels * neurons);

    /// <summary>Queries (0), keys (1) or values (2): [batch, heads, tokens, channels · neurons].</summary>
    public Tensor Role(int role) => all.Narrow(2, role, 1).Squeeze(2);

    /// <summary>Tokens of tensors that have a third of the channels: [batch, heads, tokens, channels · neurons].</summary>
    public Tensor OfResults(Tensor[] y) => Together(y, 1).Squeeze(2);

    /// <summary>Tokens [batch, heads, roles, tokens, channels · neurons] where they came from, the roles among the channels.</summary>
    public Tensor[] Apart(Tensor tokens)
    {
        var roles = tokens.Shape[2];
        return [Back(0), Back(1), Back(2)];

        Tensor Back(int part)
        {
            var own = tokens.Narrow(3, counts.AsSpan(0, part).ToArray().Sum(), counts[part]).Reshape([batch, heads, roles, counts[part], channels, neurons]);
            return part < 2
                ? own.Permute(0, 1, 2, 4, 5, 3).Reshape([batch, heads * roles * channels, neurons, counts[part]])
                : own.Permute(0, 1, 2, 4, 3, 5).Reshape([batch, heads * roles * channels, counts[part], neurons]);
        }
    }

    private Tensor Together(Tensor[] parts, int roles) => Tensor.Concatenate(3, [.. parts.Select((t, part) =>
    {
        var split = t.Reshape([batch, heads, roles, channels, t.Shape[2], t.Shape[3]]);
        return (part < 2 ? split.Permute(0, 1, 2, 5, 3, 4) : split.Permute(0, 1, 2, 4, 3, 5)).Reshape([batch, heads, roles, counts[part], channels * neurons]);
    })]);
}
