namespace Noether.Primitives;

/// <summary>What definitions and samples of functions of rows share.</summary>
internal static class RowSamples
{
    /// <summary>Rows of more and fewer elements than a register has lanes, along the last axis and others.</summary>
    public static IEnumerable<Sample> Of(Func<int, Primitive> primitive, int operands = 1, double high = 2)
    {
        foreach (var (shape, axis) in ((Shape, int)[])[([5], 0), ([2, 11], 1), ([2, 3, 4], 1), ([3, 9], 0), ([2, 1], 1), ([2, 0], 1), ([0, 3], 1)])
            yield return new(primitive(axis), [.. Enumerable.Range(0, operands).Select(i => Sampling.Values(shape, -2, high, i))]);
    }

    /// <summary>x less the largest along an axis, which no sum of powers depends on: its derivative is dropped.</summary>
    public static Tensor Below(Tensor x, int axis) => x.Shape[axis] == 0 ? x : x - x.Max(axis, keepAxis: true).StopGradient();
}
