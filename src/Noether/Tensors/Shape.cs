using System.Collections;
using System.Runtime.CompilerServices;

namespace Noether;

/// <summary>The sizes of a tensor's axes, outermost first; immutable, equal by value. <c>[]</c> is the shape of a scalar.</summary>
/// <remarks>Written as a collection expression: <c>Shape s = [32, 784];</c>.</remarks>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public sealed class Shape : IReadOnlyList<int>, IEquatable<Shape>
{
    /// <summary>The shape of a scalar: no axes, one element.</summary>
    public static readonly Shape Scalar = new([]);

    private readonly int[] sizes;

    private Shape(int[] sizes)
    {
        this.sizes = sizes;
        Size = 1;
        foreach (var size in sizes)
        {
            if (size < 0) throw new ShapeException($"Shape: negative size in [{string.Join(", ", sizes)}]");
            if (size > 0 && Size > long.MaxValue / size) throw new ShapeException($"Shape: [{string.Join(", ", sizes)}] has more elements than an int64 counts");
            Size *= size;
        }
    }

    /// <summary>The number of axes.</summary>
    public int Rank => sizes.Length;

    /// <summary>The number of elements: the product of the sizes, 1 for a scalar.</summary>
    public long Size { get; }

    int IReadOnlyCollection<int>.Count => sizes.Length;

    /// <summary>The size of an axis; negative axes and <c>^1</c> count from the end.</summary>
    /// <exception cref="AxisException">No such axis.</exception>
    public int this[int axis] => sizes[Axis(axis, "Shape")];

    /// <inheritdoc cref="this[int]"/>
    public int this[Index axis] => this[axis.IsFromEnd ? -axis.Value : axis.Value];

    /// <summary>The sizes in a range of axes.</summary>
    public Shape this[Range axes] => new(sizes[axes]);

    /// <summary>A shape from its sizes.</summary>
    /// <exception cref="ShapeException">A size is negative.</exception>
    public static Shape Create(ReadOnlySpan<int> sizes) => sizes.Length == 0 ? Scalar ?? new([]) : new(sizes.ToArray());

    /// <summary>The sizes, outermost first.</summary>
    public ReadOnlySpan<int> AsSpan() => sizes;

    /// <summary>The axis counted from 0, of one counted from either end.</summary>
    /// <param name="axis">-Rank ≤ axis &lt; Rank.</param>
    /// <param name="operation">Named in the error.</param>
    /// <exception cref="AxisException">No such axis.</exception>
    public int Axis(int axis, string operation) =>
        axis >= -Rank && axis < Rank
            ? axis < 0 ? axis + Rank : axis
            : throw new AxisException($"{operation}: axis {axis} is not an axis of {this} (rank {Rank})");

    /// <summary>This shape with another size at an axis.</summary>
    public Shape With(int axis, int size)
    {
        var copy = (int[])sizes.Clone();
        copy[Axis(axis, "Shape")] = size;
        return new(copy);
    }

    /// <summary>This shape with a new axis before position <paramref name="axis"/> (0 ≤ axis ≤ Rank).</summary>
    public Shape Insert(int axis, int size) => [.. sizes.AsSpan(0, axis), size, .. sizes.AsSpan(axis)];

    /// <summary>This shape without an axis.</summary>
    public Shape Without(int axis)
    {
        axis = Axis(axis, "Shape");
        return [.. sizes.AsSpan(0, axis), .. sizes.AsSpan(axis + 1)];
    }

    /// <summary>
    /// The shape that both broadcast to by NumPy's rule: axes align from the end, and a size of 1 (or a missing axis) stretches.
    /// Null if they do not.
    /// </summary>
    public static Shape? Broadcast(Shape x, Shape y)
    {
        if (x.Equals(y)) return x;
        var rank = Math.Max(x.Rank, y.Rank);
        var joint = new int[rank];
        for (var i = 1; i <= rank; i++)
        {
            var a = i <= x.Rank ? x.sizes[^i] : 1;
            var b = i <= y.Rank ? y.sizes[^i] : 1;
            if (a != b && a != 1 && b != 1) return null;
            joint[^i] = a == 1 ? b : a;
        }

        return new(joint);
    }

    /// <summary>Row-major strides in elements.</summary>
    public long[] Strides()
    {
        var strides = new long[Rank];
        long stride = 1;
        for (var axis = Rank - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= Math.Max(sizes[axis], 1);
        }

        return strides;
    }

    /// <inheritdoc/>
    public bool Equals(Shape? other) => other is not null && sizes.AsSpan().SequenceEqual(other.sizes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var size in sizes) hash.Add(size);
        return hash.ToHashCode();
    }

    /// <summary>For example <c>[32, 784]</c>.</summary>
    public override string ToString() => $"[{string.Join(", ", sizes)}]";

    IEnumerator<int> IEnumerable<int>.GetEnumerator() => ((IEnumerable<int>)sizes).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => sizes.GetEnumerator();

    /// <summary>Enumerates the sizes without allocation.</summary>
    public ReadOnlySpan<int>.Enumerator GetEnumerator() => AsSpan().GetEnumerator();
}
