namespace Noether.Models.WeightSpaces;

/// <summary>Explains what a model says of a network: how much each weight tensor and bias moves it.</summary>
public static class TensorInfluence
{
    /// <summary>
    /// The derivative of the outputs when one tensor alone is scaled: d/dε f(…, (1 + ε)·W_i, …) at ε = 0, by one forward derivative a tensor, all from one evaluation of the model.
    /// </summary>
    /// <remarks>The sum over all tensors is the derivative when the whole network is scaled. A tensor of zeros has no influence.</remarks>
    /// <param name="model">From features to [batch, outputs], with parameters and state inside.</param>
    /// <param name="x">The networks.</param>
    /// <returns>[batch, tensors, outputs], the tensors in the order W_0, b_0, W_1, b_1 …</returns>
    /// <exception cref="ShapeException">The outputs are not [batch, outputs].</exception>
    public static Tensor Of(Func<WeightFeatures, Tensor> model, WeightFeatures x)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(x);
        var leaves = x.Leaves;
        var (value, derivative) = Transform.Linearize(model, x);
        if (value.Rank != 2 || value.Shape[0] != x.Batch) throw new ShapeException($"TensorInfluence: outputs {value.Shape} are not [{x.Batch}, outputs]");
        return Tensor.Stack(1, [.. leaves.Select((_, i) => derivative(x.WithLeaves([.. leaves.Select((t, j) => i == j ? t : t.ZerosLike())])))]);
    }
}
