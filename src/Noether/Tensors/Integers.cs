using System.Collections;
using System.Runtime.CompilerServices;

namespace Noether;

/// <summary>A short immutable list of integers, equal by value: axes, starts, strides, paddings. Written <c>[1, 0]</c>.</summary>
[CollectionBuilder(typeof(Integers), nameof(Create))]
public sealed class Integers : IReadOnlyList<int>, IEquatable<Integers>
{
    private readonly int[] items;

    private Integers(int[] items) => this.items = items;

    /// <summary>How many there are.</summary>
    public int Count => items.Length;

    /// <summary>The integer at a position.</summary>
    public int this[int index] => items[index];

    /// <summary>A list from its items.</summary>
    public static Integers Create(ReadOnlySpan<int> items) => new(items.ToArray());

    /// <summary>The integers 0 … count-1.</summary>
    public static Integers Range(int count) => [.. Enumerable.Range(0, count)];

    /// <summary>The same integer, <paramref name="count"/> times.</summary>
    public static Integers Repeat(int item, int count) => [.. Enumerable.Repeat(item, count)];

    /// <summary>The items.</summary>
    public ReadOnlySpan<int> AsSpan() => items;

    /// <inheritdoc/>
    public bool Equals(Integers? other) => other is not null && items.AsSpan().SequenceEqual(other.items);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Integers);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in items) hash.Add(item);
        return hash.ToHashCode();
    }

    /// <summary>For example <c>[1, 0]</c>.</summary>
    public override string ToString() => $"[{string.Join(", ", items)}]";

    IEnumerator<int> IEnumerable<int>.GetEnumerator() => ((IEnumerable<int>)items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => items.GetEnumerator();

    /// <summary>Enumerates without allocation.</summary>
    public ReadOnlySpan<int>.Enumerator GetEnumerator() => AsSpan().GetEnumerator();
}
