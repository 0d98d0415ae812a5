using System.Runtime.CompilerServices;
using Noether.Transforms;

namespace Noether;

public static partial class Transform
{
    /// <summary>Maps f over an axis of its argument: one batched computation, not a loop.</summary>
    /// <remarks>
    /// Results are the loop's up to rounding. A product of shared data with <c>w + s·d</c>, s a number of each example, takes two products for all
    /// examples together where that is much less work: on a plane or line through weight space first layers cost nearly nothing.
    /// </remarks>
    /// <param name="f">A function of one example.</param>
    /// <param name="inAxis">The batch axis of the argument.</param>
    /// <param name="outAxis">The batch axis of the result.</param>
    public static Func<Tensor, Tensor> Vmap(Func<Tensor, Tensor> f, int inAxis = 0, int outAxis = 0) => x =>
        Batch(a => [f(a[0])], [x], [inAxis], [outAxis])[0];

    /// <summary>Maps f over axes of two arguments; a null axis shares the argument among all.</summary>
    /// <inheritdoc cref="Vmap(Func{Tensor, Tensor}, int, int)"/>
    public static Func<Tensor, Tensor, Tensor> Vmap(Func<Tensor, Tensor, Tensor> f, int? firstAxis = 0, int? secondAxis = 0, int outAxis = 0) =>
        (x, y) => Batch(a => [f(a[0], a[1])], [x, y], [firstAxis, secondAxis], [outAxis])[0];

    /// <summary>Maps f over axes of three arguments; a null axis shares the argument among all.</summary>
    /// <inheritdoc cref="Vmap(Func{Tensor, Tensor}, int, int)"/>
    public static Func<Tensor, Tensor, Tensor, Tensor> Vmap(
        Func<Tensor, Tensor, Tensor, Tensor> f, int? firstAxis = 0, int? secondAxis = 0, int? thirdAxis = 0, int outAxis = 0) =>
        (x, y, z) => Batch(a => [f(a[0], a[1], a[2])], [x, y, z], [firstAxis, secondAxis, thirdAxis], [outAxis])[0];

    /// <summary>Maps a function of arrays of tensors over an axis of each; a null axis shares the tensor among all.</summary>
    /// <inheritdoc cref="Vmap(Func{Tensor, Tensor}, int, int)"/>
    public static Func<Tensor[], Tensor[]> Vmap(Func<Tensor[], Tensor[]> f, int?[] inAxes, int outAxis = 0) => x => Batch(f, x, inAxes, [outAxis]);

    /// <summary>Maps a function of a tree, whose every leaf has the batch as axis 0, to another.</summary>
    [OverloadResolutionPriority(-1)]
    public static Func<T, TResult> Vmap<T, TResult>(Func<T, TResult> f)
        where T : ITensorTree<T>
        where TResult : ITensorTree<TResult> => x =>
    {
        TResult? structure = default;
        var leaves = Batch(a => Leaves(structure = f(With(x, a))), Leaves(x), new int?[x.Leaves.Count].Select(_ => (int?)0).ToArray(), [0]);
        return With(structure!, leaves);
    };

    /// <summary>Maps a function of two trees; where <c>share</c> is set that tree is the same for all, else axis 0 of its leaves is the batch.</summary>
    [OverloadResolutionPriority(-1)]
    public static Func<T1, T2, TResult> Vmap<T1, T2, TResult>(Func<T1, T2, TResult> f, bool shareFirst = false, bool shareSecond = false)
        where T1 : ITensorTree<T1>
        where T2 : ITensorTree<T2>
        where TResult : ITensorTree<TResult> => (x, y) =>
    {
        TResult? structure = default;
        Tensor[] first = Leaves(x), second = Leaves(y);
        int?[] axes = [.. first.Select(_ => shareFirst ? (int?)null : 0), .. second.Select(_ => shareSecond ? (int?)null : 0)];
        var leaves = Batch(a => Leaves(structure = f(With(x, a[..first.Length]), With(y, a[first.Length..]))), [.. first, .. second], axes, [0]);
        return With(structure!, leaves);
    };

    private static Tensor[] Batch(Func<Tensor[], Tensor[]> f, Tensor[] arguments, int?[] axes, int[] outAxes)
    {
        if (axes.Length != arguments.Length)
            throw new TransformException($"Vmap: {axes.Length} axes for {arguments.Length} arguments");
        int? size = null;
        var moved = new Tensor[arguments.Length];
        for (var i = 0; i < moved.Length; i++)
        {
            moved[i] = arguments[i];
            if (axes[i] is not { } axis) continue;
            var position = arguments[i].Shape.Axis(axis, "Vmap");
            if (size is { } expected && expected != arguments[i].Shape[position])
                throw new ShapeException($"Vmap: batch sizes differ: {string.Join(", ", arguments.Select((a, k) => axes[k] is { } b ? $"{a.Shape} at axis {b}" : $"{a.Shape} shared"))}");
            size = arguments[i].Shape[position];
            moved[i] = arguments[i].MoveAxis(position, 0);
        }

        if (size is null) throw new TransformException($"Vmap: every argument is shared ({string.Join(", ", arguments.Select(static a => a.Shape))}); at least one needs a batch axis");
        var results = Batching.Run(f, moved, Array.ConvertAll(axes, static a => a is not null), size.Value);
        return [.. results.Select((y, i) => y.MoveAxis(0, outAxes[Math.Min(i, outAxes.Length - 1)]))];
    }
}
