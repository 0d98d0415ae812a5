namespace Noether;

/// <summary>A value that holds tensors in a fixed order: what transforms differentiate, batch and evaluate as a whole.</summary>
/// <remarks><see cref="Tensor"/> is the tree of one leaf; a model's parameters are the usual other one.</remarks>
/// <typeparam name="TSelf">The implementing type.</typeparam>
public interface ITensorTree<TSelf>
    where TSelf : ITensorTree<TSelf>
{
    /// <summary>The tensors, in an order that depends only on the structure.</summary>
    IReadOnlyList<Tensor> Leaves { get; }

    /// <summary>All that tells this tree from another with equal leaves, such as their names; compared by value. Null: nothing does.</summary>
    object? Structure => null;

    /// <summary>The same structure around other tensors.</summary>
    /// <param name="leaves">As many as <see cref="Leaves"/>, in the same order.</param>
    TSelf WithLeaves(IReadOnlyList<Tensor> leaves);
}
