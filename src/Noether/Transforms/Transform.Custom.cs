using Noether.Primitives;

namespace Noether;

public static partial class Transform
{
    /// <summary>
    /// The same function, whose intermediate values are computed again in the reverse pass instead of kept: memory for time
    /// (Chen et al. 2016, "Training deep nets with sublinear memory cost").
    /// </summary>
    public static Func<Tensor, Tensor> Checkpoint(Func<Tensor, Tensor> f) => x => CheckpointCall.Call(a => [f(a[0])], [x])[0];

    /// <summary>The checkpointed function of a tree and a tensor, for example of a block's parameters and its input.</summary>
    /// <inheritdoc cref="Checkpoint(Func{Tensor, Tensor})"/>
    public static Func<T, Tensor, Tensor> Checkpoint<T>(Func<T, Tensor, Tensor> f)
        where T : ITensorTree<T> => (tree, x) =>
        CheckpointCall.Call(a => [f(With(tree, a[..^1]), a[^1])], [.. tree.Leaves, x])[0];

    /// <summary>The checkpointed function of arrays of tensors.</summary>
    /// <inheritdoc cref="Checkpoint(Func{Tensor, Tensor})"/>
    public static Func<Tensor[], Tensor[]> Checkpoint(Func<Tensor[], Tensor[]> f) => x => CheckpointCall.Call(f, x);

    /// <summary>
    /// A function with its own derivative rule. Give either the tangent <c>(x, y, dx) ↦ dy</c>, or the pullback
    /// <c>(x, y, cotangent) ↦ cotangent of x</c>: both modes work with either, and the rule is differentiated for higher orders.
    /// </summary>
    /// <param name="f">The value.</param>
    /// <param name="tangent">Linear in its last argument.</param>
    /// <param name="pullback">Linear in its last argument.</param>
    /// <remarks>The rule covers arguments only: a derivative in a tensor that f captures throws.</remarks>
    /// <exception cref="TransformException">Neither or both rules are given.</exception>
    public static Func<Tensor, Tensor> CustomDerivative(
        Func<Tensor, Tensor> f, Func<Tensor, Tensor, Tensor, Tensor>? tangent = null, Func<Tensor, Tensor, Tensor, Tensor>? pullback = null)
    {
        var many = CustomDerivative(
            (Tensor[] a) => [f(a[0])],
            tangent is null ? null : (a, y, v) => [tangent(a[0], y[0], v[0])],
            pullback is null ? null : (a, y, v) => [pullback(a[0], y[0], v[0])]);
        return x => many([x])[0];
    }

    /// <summary>A function of arrays of tensors with its own derivative rule.</summary>
    /// <inheritdoc cref="CustomDerivative(Func{Tensor, Tensor}, Func{Tensor, Tensor, Tensor, Tensor}, Func{Tensor, Tensor, Tensor, Tensor})"/>
    public static Func<Tensor[], Tensor[]> CustomDerivative(
        Func<Tensor[], Tensor[]> f, Func<Tensor[], Tensor[], Tensor[], Tensor[]>? tangent = null, Func<Tensor[], Tensor[], Tensor[], Tensor[]>? pullback = null)
    {
        if (tangent is null == pullback is null) throw new TransformException("CustomDerivative: give either the tangent or the pullback");
        return x => CustomCall.Call(f, x.Length, tangent, pullback, x);
    }
}
