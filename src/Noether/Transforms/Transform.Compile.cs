using Noether.Transforms;

namespace Noether;

public static partial class Transform
{
    /// <summary>
    /// The same function with its plan kept: traced once for each combination of shapes and element types, then replayed on new values
    /// without building or planning a graph. Tensors that f captures are taken as constants at the first call, and what follows from them alone is computed
    /// there once and kept: compiled at a fixed point, the linear map of a derivative keeps what it needs of the primal pass.
    /// </summary>
    public static Func<Tensor, Tensor> Compile(Func<Tensor, Tensor> f)
    {
        var many = Compile((Tensor[] a) => [f(a[0])]);
        return x => many([x])[0];
    }

    /// <summary>The compiled function of two tensors.</summary>
    /// <inheritdoc cref="Compile(Func{Tensor, Tensor})"/>
    public static Func<Tensor, Tensor, Tensor> Compile(Func<Tensor, Tensor, Tensor> f)
    {
        var many = Compile((Tensor[] a) => [f(a[0], a[1])]);
        return (x, y) => many([x, y])[0];
    }

    /// <summary>The compiled function of arrays of tensors.</summary>
    /// <param name="f">The function; it must return as many tensors on every call.</param>
    /// <param name="donate">Positions of arguments whose memory the results may take: they must not be used afterwards.</param>
    /// <inheritdoc cref="Compile(Func{Tensor, Tensor})"/>
    public static Func<Tensor[], Tensor[]> Compile(Func<Tensor[], Tensor[]> f, params int[] donate)
    {
        var compiled = new Compiled(donate);
        Func<Tensor[], (Tensor[], object?)> plain = a => (f(a), null);
        return x => compiled.Call(x, null, plain).Results;
    }

    /// <summary>The compiled function of a tree; traced anew for another <see cref="ITensorTree{TSelf}.Structure"/> too.</summary>
    /// <inheritdoc cref="Compile(Func{Tensor, Tensor})"/>
    public static Func<T, TResult> Compile<T, TResult>(Func<T, TResult> f)
        where T : ITensorTree<T>
        where TResult : ITensorTree<TResult>
    {
        var compiled = new Compiled();
        return x =>
        {
            var (results, tree) = compiled.Call(Leaves(x), x.Structure, a =>
            {
                var y = f(With(x, a));
                return (Leaves(y), y);
            });
            return With((TResult)tree!, results);
        };
    }
}
