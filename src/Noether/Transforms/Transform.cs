using Noether.Primitives;

namespace Noether;

/// <summary>
/// Functions of functions: derivatives of every order, batching, compilation. They nest in any order and to any depth.
/// </summary>
/// <remarks>
/// <para><c>using static Noether.Transform;</c> then <c>Grad(x =&gt; (x * x).Sum())(x)</c> is <c>2x</c> and
/// <c>Vmap(Grad(f))</c> the gradient for each row.</para>
/// <para>A function must be pure: it is called once on traced arguments, whose values it cannot read.</para>
/// </remarks>
public static partial class Transform
{
    /// <summary>Calls <paramref name="f"/> on fresh variables over the arguments: the start of every derivative.</summary>
    internal static (Tensor[] Variables, TResult Results) Trace<TResult>(string transform, Tensor[] arguments, Func<Tensor[], TResult> f)
    {
        using var scope = new TraceScope(transform);
        var variables = Array.ConvertAll(arguments, x => Tensor.Apply(new Variable(scope), x));
        return (variables, f(variables));
    }

    private static Tensor[] Leaves<T>(T tree)
        where T : ITensorTree<T> => [.. tree.Leaves];

    private static T With<T>(T tree, Tensor[] leaves)
        where T : ITensorTree<T> => tree.WithLeaves(leaves);

    private static Tensor ScalarLoss(string transform, Tensor loss) =>
        loss.Size == 1 && loss.DType.IsFloating()
            ? loss
            : throw new TransformException($"{transform}: the function returns {loss.DType.Name()}{loss.Shape}; a gradient needs one floating number (use Vjp or Jacobian for more)");

    private static void CheckFloating(string transform, Tensor[] arguments)
    {
        foreach (var x in arguments)
        {
            if (!x.DType.IsFloating())
                throw new DTypeException($"{transform}: an argument is {x.DType.Name()}{x.Shape}; only floating tensors have derivatives");
        }
    }

    private static Tensor[] Filled(Tensor?[] cotangents, Tensor[] like)
    {
        var filled = new Tensor[like.Length];
        for (var i = 0; i < filled.Length; i++) filled[i] = cotangents[i] ?? like[i].ZerosLike();
        return filled;
    }
}
