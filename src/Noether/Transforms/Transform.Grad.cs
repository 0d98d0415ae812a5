using System.Runtime.CompilerServices;
using Noether.Graphs;
using Noether.Transforms;

namespace Noether;

public static partial class Transform
{
    /// <summary>The gradient of a scalar function: <c>x ↦ ∂f/∂x</c>, of the shape of x.</summary>
    /// <exception cref="TransformException">f returns more than one number, or reads its argument's value.</exception>
    /// <exception cref="DTypeException">The argument is not floating.</exception>
    public static Func<Tensor, Tensor> Grad(Func<Tensor, Tensor> f) => Grad<Tensor>(f);

    /// <summary>The gradient of a scalar function of a tree, for example of a model's parameters.</summary>
    /// <inheritdoc cref="Grad(Func{Tensor, Tensor})"/>
    public static Func<T, T> Grad<T>(Func<T, Tensor> f)
        where T : ITensorTree<T> => Gradient("Grad", f);

    /// <summary>The gradient with respect to the first argument.</summary>
    /// <inheritdoc cref="Grad(Func{Tensor, Tensor})"/>
    public static Func<T, TOther, T> Grad<T, TOther>(Func<T, TOther, Tensor> f)
        where T : ITensorTree<T> => (x, other) => Grad<T>(v => f(v, other))(x);

    /// <summary>The gradients with respect to both arguments.</summary>
    /// <inheritdoc cref="Grad(Func{Tensor, Tensor})"/>
    public static Func<Tensor, Tensor, (Tensor First, Tensor Second)> GradBoth(Func<Tensor, Tensor, Tensor> f) => (x, y) =>
    {
        var gradients = Gradients("GradBoth", [x, y], a => f(a[0], a[1]));
        return (gradients[0], gradients[1]);
    };

    /// <summary>The gradients with respect to every tensor of an array. Write the type, <c>(Tensor[] x) =&gt; …</c>: tensors are indexed too.</summary>
    /// <inheritdoc cref="Grad(Func{Tensor, Tensor})"/>
    [OverloadResolutionPriority(-1)]
    public static Func<Tensor[], Tensor[]> Grad(Func<Tensor[], Tensor> f) => x => Gradients("Grad", x, f);

    /// <summary>The value and the gradient of a scalar function, in one pass.</summary>
    /// <inheritdoc cref="Grad(Func{Tensor, Tensor})"/>
    public static Func<Tensor, (Tensor Value, Tensor Gradient)> ValueAndGrad(Func<Tensor, Tensor> f) => ValueAndGrad<Tensor>(f);

    /// <summary>The value and the gradient of a scalar function of a tree, in one pass.</summary>
    /// <inheritdoc cref="Grad(Func{Tensor, Tensor})"/>
    public static Func<T, (Tensor Value, T Gradient)> ValueAndGrad<T>(Func<T, Tensor> f)
        where T : ITensorTree<T> => x =>
    {
        using var scaffold = Scaffold.Raise();
        var (value, gradients, _) = ValueAndGradients("ValueAndGrad", Leaves(x), v => (f(With(x, v)), 0));
        scaffold.TakeDown([value, .. gradients]);
        return (value, With(x, gradients));
    };

    /// <summary>
    /// The value, the gradient, and what else the function returns beside its loss (predictions, new running statistics), in one pass.
    /// </summary>
    /// <inheritdoc cref="Grad(Func{Tensor, Tensor})"/>
    public static Func<T, (Tensor Value, T Gradient, TAuxiliary Auxiliary)> ValueAndGrad<T, TAuxiliary>(Func<T, (Tensor Loss, TAuxiliary Auxiliary)> f)
        where T : ITensorTree<T> => x =>
    {
        var (value, gradients, auxiliary) = ValueAndGradients("ValueAndGrad", Leaves(x), v => f(With(x, v)));
        return (value, With(x, gradients), auxiliary);
    };

    private static Func<T, T> Gradient<T>(string transform, Func<T, Tensor> f)
        where T : ITensorTree<T> => x => With(x, Gradients(transform, Leaves(x), v => f(With(x, v))));

    // The loss is built only to be differentiated.
    private static Tensor[] Gradients(string transform, Tensor[] x, Func<Tensor[], Tensor> f)
    {
        using var scaffold = Scaffold.Raise();
        var gradients = ValueAndGradients(transform, x, v => (f(v), 0)).Gradients;
        scaffold.TakeDown(gradients);
        return gradients;
    }

    private static (Tensor Value, Tensor[] Gradients, TAuxiliary Auxiliary) ValueAndGradients<TAuxiliary>(
        string transform, Tensor[] x, Func<Tensor[], (Tensor Loss, TAuxiliary Auxiliary)> f)
    {
        CheckFloating(transform, x);
        var (variables, (loss, auxiliary)) = Trace(transform, x, f);
        ScalarLoss(transform, loss);
        var gradients = new Reverse(variables, [loss]).Pull([loss.OnesLike()]);
        return (loss, Filled(gradients, x), auxiliary);
    }
}
