namespace Noether.Bench.Cases;

/// <summary>What both sides are given: normal numbers of a shape, or class labels.</summary>
/// <param name="Shape">The sizes.</param>
/// <param name="Scale">The standard deviation.</param>
/// <param name="Classes">If not 0: labels in [0, Classes) instead of normal numbers.</param>
internal sealed record Operand(int[] Shape, double Scale = 1, int Classes = 0)
{
    public int Size => Shape.Aggregate(1, static (product, n) => product * n);

    /// <summary>The labels, evenly distributed.</summary>
    public long[] Labels(Random random) => [.. Enumerable.Range(0, Size).Select(_ => (long)random.Next(Classes))];

    /// <summary>Normal numbers by Box and Muller's formula, rounded to float32 so that both types start from equal values.</summary>
    public float[] Values(Random random)
    {
        var values = new float[Size];
        for (var i = 0; i < values.Length; i++)
        {
            var radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            values[i] = (float)(Scale * radius * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return values;
    }
}
