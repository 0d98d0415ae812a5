using Noether.Primitives;

namespace Noether;

/// <summary>
/// What <see cref="Tensor.At"/> returns: elements of a tensor named by an index, and the ways to make a new tensor in which they differ
/// (JAX's <c>x.at[…].set(v)</c>). The tensor itself never changes.
/// </summary>
/// <remarks>
/// Values broadcast to the indexed shape and take the tensor's type. Under repeated positions <c>Set</c> keeps the last value, the others fold
/// all of them. Everything is differentiable to any order in the tensor and the values: a value that was not kept has derivative zero.
/// </remarks>
public readonly struct TensorUpdate
{
    private readonly Tensor x;
    private readonly IndexPlan plan;

    internal TensorUpdate(Tensor x, IndexPlan plan)
    {
        this.x = x;
        this.plan = plan;
    }

    /// <summary>The elements as they are: <c>x[…]</c>.</summary>
    public Tensor Get() => plan.Gather(x);

    /// <summary>Other values at the positions.</summary>
    /// <exception cref="ShapeException">The values do not broadcast to the indexed shape.</exception>
    /// <exception cref="DTypeException">The values are of a wider kind than the tensor: floating beside integer, or a number beside bool.</exception>
    public Tensor Set(Tensor values) => Update("Set", values, static (_, v) => v, static (p, m, v) => Last(p, m, v));

    /// <inheritdoc cref="Set(Tensor)"/>
    public Tensor Set(Scalar value) => Set(Like(value));

    /// <summary>Adds at the positions; repeated positions add up.</summary>
    /// <inheritdoc cref="Set(Tensor)"/>
    public Tensor Add(Tensor values) => Added("Add", values);

    /// <inheritdoc cref="Add(Tensor)"/>
    public Tensor Add(Scalar value) => Add(Like(value));

    /// <summary>Subtracts at the positions; repeated positions add up.</summary>
    /// <inheritdoc cref="Set(Tensor)"/>
    public Tensor Subtract(Tensor values) => Added("Subtract", -values);

    /// <inheritdoc cref="Subtract(Tensor)"/>
    public Tensor Subtract(Scalar value) => Subtract(Like(value));

    /// <summary>Multiplies at the positions; repeated positions multiply together.</summary>
    /// <inheritdoc cref="Set(Tensor)"/>
    public Tensor Multiply(Tensor values) => Update("Multiply", Counting("Multiply", values), static (x, v) => x * v, static (p, m, v) => Products(p, m, v));

    /// <inheritdoc cref="Multiply(Tensor)"/>
    public Tensor Multiply(Scalar value) => Multiply(Like(value));

    /// <summary>The larger of the element and the values at its position; NaN if one is.</summary>
    /// <inheritdoc cref="Set(Tensor)"/>
    public Tensor Max(Tensor values) => Update("Max", values, static (x, v) => x.Maximum(v), static (p, m, v) => Extreme(p, m, v, true));

    /// <inheritdoc cref="Max(Tensor)"/>
    public Tensor Max(Scalar value) => Max(Like(value));

    /// <summary>The smaller of the element and the values at its position; NaN if one is.</summary>
    /// <inheritdoc cref="Set(Tensor)"/>
    public Tensor Min(Tensor values) => Update("Min", values, static (x, v) => x.Minimum(v), static (p, m, v) => Extreme(p, m, v, false));

    /// <inheritdoc cref="Min(Tensor)"/>
    public Tensor Min(Scalar value) => Min(Like(value));

    private Tensor Like(Scalar value) => Tensor.Full([], value, value.Meet(x.DType), x.Device);

    private Tensor Counting(string operation, Tensor values) =>
        x.DType != DType.Bool ? values : throw new DTypeException($"At.{operation}: takes numbers, not bool{x.Shape}");

    private Tensor Added(string operation, Tensor values) => Update(operation, Counting(operation, values), static (x, v) => x + v, static (p, m, v) =>
        m + Tensor.Apply(new ScatterAdd(p.Position, p.Merged), v, p.Positions.Flatten()));

    // One value a position: act on the view, or under a mask. Repeated positions: act on the merged axis with the values along it.
    private Tensor Update(string operation, Tensor values, Func<Tensor, Tensor, Tensor> once, Func<IndexPlan, Tensor, Tensor, Tensor> folded)
    {
        values = Typed(operation, values);
        if (plan.OnlyMask is { } mask && Fits(values.Shape, x.Shape[mask.Rank..]))
        {
            var broad = mask.Reshape([.. mask.Shape, .. Enumerable.Repeat(1, x.Rank - mask.Rank)]);
            return Tensor.Select(broad, once(x, values.BroadcastTo(x.Shape)).To(x.DType), x);
        }

        var shape = plan.ResultShape;
        if (!Fits(values.Shape, shape))
            throw new ShapeException($"At.{operation}: values {values.Shape} do not broadcast to the indexed shape {shape} of {x.Shape}");
        values = values.BroadcastTo(shape);
        if (shape.Size == 0) return x;
        if (!plan.Advanced) return plan.Replace(x, once(plan.View(x), values).To(x.DType));

        var count = checked((int)plan.Positions.Size);
        var merged = plan.MergedShape;
        var updated = folded(plan, plan.Merge(plan.View(x)), values.Reshape(merged.With(plan.Position, count)));
        return plan.Replace(x, plan.Unmerge(updated.To(x.DType)));
    }

    private Tensor Typed(string operation, Tensor values)
    {
        var narrows = x.DType.IsFloating() ? false : x.DType == DType.Bool ? values.DType != DType.Bool : values.DType.IsFloating();
        return narrows
            ? throw new DTypeException($"At.{operation}: values of {values.DType.Name()}{values.Shape} do not go into {x.DType.Name()}{x.Shape}; convert one")
            : values.To(x.DType);
    }

    private static bool Fits(Shape values, Shape target) => target.Equals(Shape.Broadcast(values, target));

    // The last value that writes a position is the largest of the values' numbers there.
    private static Tensor Last(IndexPlan plan, Tensor merged, Tensor values) =>
        Chosen(plan, merged, values, Writer(plan.Positions.Flatten(), plan.Merged, largest: true), static (_, v) => v);

    private static Tensor Extreme(IndexPlan plan, Tensor merged, Tensor values, bool largest)
    {
        var axis = plan.Position;
        var number = values.Number();
        var winner = Tensor.Apply(new ScatterExtremumIndex(axis, plan.Merged, largest), number, plan.Positions.Flatten());
        var best = number.TakeAlong(winner.Maximum(0), axis);
        var x = merged.Number();
        return Tensor.Select(winner < 0, x, largest ? x.Maximum(best) : x.Minimum(best));
    }

    // Stable order by position puts the values of one position side by side. Doubling then multiplies runs: after step s, element i holds the
    // product of the s values from i on that share its position; so the first of each run ends with all, exactly, zeros included.
    private static Tensor Products(IndexPlan plan, Tensor merged, Tensor values)
    {
        var axis = plan.Position;
        var positions = plan.Positions.Flatten();
        var count = positions.Shape[0];
        var order = positions.ArgSort(0);
        var sorted = Tensor.Apply(new Take(0), positions, order);
        var product = Tensor.Apply(new Take(axis), values, order);
        for (var step = 1; step < count; step *= 2)
        {
            var same = sorted.Narrow(0, 0, count - step).Equal(sorted.Narrow(0, step, count - step));
            var factor = Tensor.Select(
                same.Reshape([count - step, .. Enumerable.Repeat(1, values.Rank - axis - 1)]), product.Narrow(axis, step, count - step), 1);
            product = Tensor.Concatenate(axis, product.Narrow(axis, 0, count - step) * factor, product.Narrow(axis, count - step, step));
        }

        return Chosen(plan, merged, product, Writer(sorted, plan.Merged, largest: false), static (x, v) => x * v);
    }

    // The number of the first or last value at each position, -1 where there is none.
    private static Tensor Writer(Tensor positions, int n, bool largest)
    {
        var numbers = Tensor.Arange(positions.Shape[0], DType.Int64, positions.Device);
        return Tensor.Apply(new ScatterExtremumIndex(0, n, largest), numbers, positions);
    }

    private static Tensor Chosen(IndexPlan plan, Tensor merged, Tensor values, Tensor writer, Func<Tensor, Tensor, Tensor> act)
    {
        var chosen = Tensor.Apply(new Take(plan.Position), values, writer.Maximum(0));
        var written = (writer >= 0).Reshape([plan.Merged, .. Enumerable.Repeat(1, merged.Rank - plan.Position - 1)]);
        return Tensor.Select(written, act(merged, chosen), merged);
    }
}
