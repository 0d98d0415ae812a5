namespace Noether;

public static partial class Transform
{
    /// <summary>
    /// A loop of known length as one operation: <c>(carry, output[t]) = body(carry, slices[t])</c>. Differentiable in every mode and to every
    /// order; the reverse pass keeps one carry a step.
    /// </summary>
    /// <param name="body">Takes the carry and a slice; gives the next carry, of equal shapes and types, and an output.</param>
    /// <param name="carry">The first carry: a tensor or a tree.</param>
    /// <param name="slices">Sliced along axis 0; its size is the number of steps.</param>
    /// <returns>The last carry, and the outputs stacked along a new axis 0.</returns>
    /// <exception cref="ShapeException">The body changes the carry's shape or type, or slices has no axis.</exception>
    public static (T Carry, Tensor Outputs) Scan<T>(Func<T, Tensor, (T Carry, Tensor Output)> body, T carry, Tensor slices)
        where T : ITensorTree<T>
    {
        var (last, outputs) = Scan(
            (c, s) =>
            {
                var (next, output) = body(With(carry, c), s[0]);
                return (Leaves(next), [output]);
            },
            Leaves(carry), [slices]);
        return (With(carry, last), outputs[0]);
    }

    /// <summary>The loop over several carries and sliced tensors.</summary>
    /// <param name="body">Takes carries and slices; gives the next carries and any number of outputs.</param>
    /// <param name="carry">The first carries.</param>
    /// <param name="slices">Sliced along axis 0.</param>
    /// <param name="length">The number of steps; needed where nothing is sliced.</param>
    /// <inheritdoc cref="Scan{T}"/>
    public static (Tensor[] Carry, Tensor[] Outputs) Scan(
        Func<Tensor[], Tensor[], (Tensor[] Carry, Tensor[] Outputs)> body, Tensor[] carry, Tensor[] slices, int? length = null)
    {
        if (slices.Length > 0 && slices[0].Rank == 0) throw new ShapeException($"Scan: a tensor to slice needs an axis, not {slices[0].Shape}");
        var steps = length ?? (slices.Length > 0 ? slices[0].Shape[0] : throw new ShapeException("Scan: nothing is sliced, so the length must be given"));
        if (steps < 0) throw new ShapeException($"Scan: negative length {steps}");
        return Primitives.Scan.Call(body, steps, carry, slices);
    }

    /// <summary>
    /// A loop of unknown length as one operation: <c>while condition(carry): carry = body(carry)</c>. It has forward derivatives; for reverse ones
    /// use <see cref="Scan{T}"/>.
    /// </summary>
    /// <param name="condition">Gives one truth value, bool[].</param>
    /// <param name="body">Gives the next carry, of equal shapes and types.</param>
    /// <param name="carry">The first carry: a tensor or a tree.</param>
    /// <returns>The last carry.</returns>
    /// <exception cref="ShapeException">The condition is not one bool, or the body changes the carry's shape or type.</exception>
    public static T While<T>(Func<T, Tensor> condition, Func<T, T> body, T carry)
        where T : ITensorTree<T> =>
        With(carry, Primitives.While.Call(c => condition(With(carry, c)), c => Leaves(body(With(carry, c))), Leaves(carry)));
}
