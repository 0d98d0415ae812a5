namespace Noether.Tests.Tensors;

/// <summary>NumPy's indexing rules, straight: for every coordinate of the result, the flat position in the source.</summary>
internal static class IndexReference
{
    public abstract record Item;

    /// <summary>Positions kept along an axis: a range, with any step.</summary>
    public sealed record Kept(int[] Positions) : Item;

    public sealed record One(int Position) : Item;

    public sealed record New : Item;

    public sealed record Many(int[] Shape, int[] Values) : Item;

    /// <summary>Items cover every axis; a mask is given as one <see cref="Many"/> an axis.</summary>
    public static (int[] Shape, int[] Positions) Positions(int[] shape, IReadOnlyList<Item> items)
    {
        var advanced = items.Any(i => i is Many);
        var places = Enumerable.Range(0, items.Count).Where(i => items[i] is Many || (advanced && items[i] is One)).ToArray();
        var together = places.Length == 0 || places[^1] - places[0] == places.Length - 1;
        var joint = items.OfType<Many>().Aggregate(Array.Empty<int>(), (s, m) => [.. Shape.Broadcast([.. s], [.. m.Shape])!]);

        // Result axes: (item, size); the joint axes stand where the tensors were, or in front. Item -1-k is joint axis k.
        var axes = new List<(int Item, int Size)>();
        void AddJoint() => axes.AddRange(joint.Select((size, k) => (-1 - k, size)));
        if (advanced && !together) AddJoint();
        for (var i = 0; i < items.Count; i++)
        {
            if (advanced && together && i == places[0]) AddJoint();
            if (items[i] is Kept kept) axes.Add((i, kept.Positions.Length));
            if (items[i] is New) axes.Add((i, 1));
        }

        int[] result = [.. axes.Select(a => a.Size)];
        var count = result.Aggregate(1, (a, b) => a * b);
        var positions = new int[count];
        for (var n = 0; n < count; n++)
        {
            var coordinate = new Dictionary<int, int>();
            for (int k = axes.Count - 1, rest = n; k >= 0; rest /= axes[k].Size, k--) coordinate[axes[k].Item] = rest % axes[k].Size;
            int flat = 0, axis = 0;
            for (var i = 0; i < items.Count; i++)
            {
                if (items[i] is New) continue;
                var at = items[i] switch
                {
                    Kept kept => kept.Positions[coordinate[i]],
                    One one => one.Position,
                    Many many => many.Values[Inside(many.Shape, joint, coordinate)],
                    _ => throw new InvalidOperationException(),
                };
                flat = flat * shape[axis] + (at < 0 ? at + shape[axis] : at);
                axis++;
            }

            positions[n] = flat;
        }

        return (result, positions);
    }

    private static int Inside(int[] shape, int[] joint, Dictionary<int, int> coordinate)
    {
        var flat = 0;
        for (var k = 0; k < shape.Length; k++)
        {
            var at = coordinate[-1 - (k + joint.Length - shape.Length)];
            flat = flat * shape[k] + (shape[k] == 1 ? 0 : at);
        }

        return flat;
    }
}
