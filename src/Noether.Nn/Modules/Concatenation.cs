namespace Noether.Nn;

/// <summary>x and f(x) side by side along an axis: what dense networks add where residual ones sum.</summary>
/// <param name="Body">f; its parameters are named <c>body</c>.</param>
/// <param name="Axis">The axis joined; 1: channels.</param>
/// <remarks>Source: Huang et al., "Densely connected convolutional networks" (2017), equation 2.</remarks>
public sealed record Concatenation(Module Body, int Axis = 1) : CompositeModule
{
    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Module Module)> Children => [("body", Body)];

    /// <inheritdoc/>
    public override Tensor Apply(Parameters parameters, Tensor x, Context context) =>
        Tensor.Concatenate(Axis, x, Call("body", Body, parameters, x, context));
}
