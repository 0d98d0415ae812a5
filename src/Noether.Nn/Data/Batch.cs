using System.Collections;

namespace Noether.Nn;

/// <summary>Some examples together: one tensor a column of the data set, the examples along axis 0.</summary>
/// <param name="columns">At least one.</param>
public sealed class Batch(params Tensor[] columns) : ITensorTree<Batch>, IReadOnlyList<Tensor>
{
    private readonly Tensor[] columns = columns.Length > 0 ? columns : throw new ArgumentException("Batch: no columns", nameof(columns));

    /// <summary>How many columns there are.</summary>
    public int Count => columns.Length;

    /// <summary>How many examples there are.</summary>
    public int Size => columns[0].Shape[0];

    /// <summary>The first column: what the model sees.</summary>
    public Tensor Input => columns[0];

    /// <summary>The second column: what it should say.</summary>
    public Tensor Target => columns[1];

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Leaves => columns;

    /// <summary>A column.</summary>
    public Tensor this[int index] => columns[index];

    /// <inheritdoc/>
    public Batch WithLeaves(IReadOnlyList<Tensor> leaves) => new([.. leaves]);

    /// <inheritdoc/>
    public IEnumerator<Tensor> GetEnumerator() => ((IEnumerable<Tensor>)columns).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => columns.GetEnumerator();
}
