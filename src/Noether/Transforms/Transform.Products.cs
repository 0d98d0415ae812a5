using Noether.Graphs;
using Noether.Transforms;

namespace Noether;

public static partial class Transform
{
    /// <summary>
    /// The value of f at x, and its pullback: <c>v ↦ vᵀ·∂f/∂x</c>. The pullback may be called many times and differentiated itself.
    /// </summary>
    /// <exception cref="DTypeException">The argument is not floating.</exception>
    public static (TResult Value, Func<TResult, T> Pullback) Vjp<T, TResult>(Func<T, TResult> f, T x)
        where T : ITensorTree<T>
        where TResult : ITensorTree<TResult> =>
        Pullback("Vjp", f, x);

    /// <summary>The value and pullback of a function of one tensor.</summary>
    /// <inheritdoc cref="Vjp{T, TResult}(Func{T, TResult}, T)"/>
    public static (Tensor Value, Func<Tensor, Tensor> Pullback) Vjp(Func<Tensor, Tensor> f, Tensor x) => Vjp<Tensor, Tensor>(f, x);

    /// <summary>The value of f at x and its derivative along a tangent: <c>∂f/∂x·v</c>, in one forward pass.</summary>
    /// <exception cref="ShapeException">The tangent has not the argument's shape.</exception>
    /// <exception cref="DTypeException">The argument is not floating.</exception>
    public static (TResult Value, TResult Tangent) Jvp<T, TResult>(Func<T, TResult> f, T x, T tangent)
        where T : ITensorTree<T>
        where TResult : ITensorTree<TResult> =>
        Tangent("Jvp", f, x, tangent);

    /// <summary>The value and directional derivative of a function of one tensor.</summary>
    /// <inheritdoc cref="Jvp{T, TResult}(Func{T, TResult}, T, T)"/>
    public static (Tensor Value, Tensor Tangent) Jvp(Func<Tensor, Tensor> f, Tensor x, Tensor tangent) => Jvp<Tensor, Tensor>(f, x, tangent);

    /// <summary>
    /// The value of f at x and the linear map of its derivative there, to be applied to many tangents: the primal pass is kept.
    /// </summary>
    /// <inheritdoc cref="Jvp{T, TResult}(Func{T, TResult}, T, T)"/>
    public static (TResult Value, Func<T, TResult> Pushforward) Linearize<T, TResult>(Func<T, TResult> f, T x)
        where T : ITensorTree<T>
        where TResult : ITensorTree<TResult> =>
        Pushforward("Linearize", f, x);

    /// <summary>The product of the Hessian of a scalar function with a vector, by forward over reverse: <c>∂²f/∂x²·v</c>.</summary>
    /// <inheritdoc cref="Jvp{T, TResult}(Func{T, TResult}, T, T)"/>
    public static T Hvp<T>(Func<T, Tensor> f, T x, T vector)
        where T : ITensorTree<T> => TangentAlone("Hvp", Gradient("Hvp", f), x, vector);

    /// <summary>The Hessian-vector product of a function of one tensor.</summary>
    /// <inheritdoc cref="Hvp{T}(Func{T, Tensor}, T, T)"/>
    public static Tensor Hvp(Func<Tensor, Tensor> f, Tensor x, Tensor vector) => Hvp<Tensor>(f, x, vector);

    private static (TResult Value, Func<TResult, T> Pullback) Pullback<T, TResult>(string transform, Func<T, TResult> f, T x)
        where T : ITensorTree<T>
        where TResult : ITensorTree<TResult>
    {
        var leaves = Leaves(x);
        CheckFloating(transform, leaves);
        var (variables, value) = Trace(transform, leaves, v => f(With(x, v)));
        var reverse = new Reverse(variables, Leaves(value));
        return (value, Pull);

        T Pull(TResult cotangent)
        {
            using var scaffold = Scaffold.Raise();
            var pulled = Filled(reverse.Pull(Matching(transform, "cotangent", Leaves(cotangent), Leaves(value))), leaves);
            scaffold.TakeDown(pulled);
            return With(x, pulled);
        }
    }

    private static (TResult Value, TResult Tangent) Tangent<T, TResult>(string transform, Func<T, TResult> f, T x, T tangent)
        where T : ITensorTree<T>
        where TResult : ITensorTree<TResult>
    {
        var (value, push) = Pushforward(transform, f, x);
        return (value, push(tangent));
    }

    // The value is built only to be differentiated.
    private static TResult TangentAlone<T, TResult>(string transform, Func<T, TResult> f, T x, T tangent)
        where T : ITensorTree<T>
        where TResult : ITensorTree<TResult>
    {
        using var scaffold = Scaffold.Raise();
        var pushed = Tangent(transform, f, x, tangent).Tangent;
        scaffold.TakeDown(Leaves(pushed));
        return pushed;
    }

    private static (TResult Value, Func<T, TResult> Pushforward) Pushforward<T, TResult>(string transform, Func<T, TResult> f, T x)
        where T : ITensorTree<T>
        where TResult : ITensorTree<TResult>
    {
        var leaves = Leaves(x);
        CheckFloating(transform, leaves);
        var (variables, value) = Trace(transform, leaves, v => f(With(x, v)));
        var results = Leaves(value);
        var tape = new Forward(variables, results);
        return (value, Push);

        TResult Push(T tangent)
        {
            using var scaffold = Scaffold.Raise();
            var pushed = Filled(tape.Push(Matching(transform, "tangent", Leaves(tangent), leaves)), results);
            scaffold.TakeDown(pushed);
            return With(value, pushed);
        }
    }

    private static Tensor[] Matching(string transform, string what, Tensor[] given, Tensor[] like)
    {
        if (given.Length != like.Length)
            throw new TransformException($"{transform}: the {what} has {given.Length} tensors, the function {like.Length}");
        for (var i = 0; i < given.Length; i++)
        {
            if (!given[i].Shape.Equals(like[i].Shape))
                throw new ShapeException($"{transform}: the {what} has shape {given[i].Shape}, the function {like[i].Shape}");
        }

        return [.. given.Select((g, i) => g.DType == like[i].DType || !like[i].DType.IsFloating() ? g : g.To(like[i].DType))];
    }
}
