namespace Noether.Tests.IO;

/// <summary>Arrays of every element type and every kind of shape, with values at the edges of their types.</summary>
internal static class SampleArrays
{
    private static readonly Shape[] Shapes = [[], [0], [3, 0, 2], [1], [2, 3], [2, 3, 5]];

    public static IEnumerable<(string Name, HostArray Array)> All()
    {
        foreach (var type in Enum.GetValues<DType>())
        {
            foreach (var shape in Shapes) yield return ($"{type.Name()}{string.Concat(shape.Select(size => $"x{size}"))}", Make(type, shape));
        }
    }

    public static HostArray Make(DType type, Shape shape) => type switch
    {
        DType.Bool => Cycle(shape, true, false, true, true),
        DType.Int32 => Cycle(shape, int.MinValue, -1, 0, 7, int.MaxValue),
        DType.Int64 => Cycle(shape, long.MinValue, -1, 0, 1L << 40, long.MaxValue),
        DType.BFloat16 => Cycle(shape, (BFloat16)1.5f, (BFloat16)(-0f), (BFloat16)float.NaN, (BFloat16)3e38f),
        DType.Float32 => Cycle(shape, 1.5f, -0f, float.NaN, float.Epsilon, float.NegativeInfinity, 3.4e38f),
        _ => Cycle(shape, Math.PI, -0.0, double.NaN, double.Epsilon, double.PositiveInfinity),
    };

    public static void AssertEqual(HostArray actual, HostArray expected, string name)
    {
        Assert.That(actual.DType, Is.EqualTo(expected.DType), name);
        Assert.That(actual.Shape, Is.EqualTo(expected.Shape), name);
        Assert.That(actual.Bytes.SequenceEqual(expected.Bytes), Is.True, $"the bytes of {name} differ");
    }

    private static HostArray Cycle<T>(Shape shape, params T[] values)
        where T : unmanaged
    {
        var all = new T[shape.Size];
        for (var i = 0; i < all.Length; i++) all[i] = values[i % values.Length];
        return HostArray.Of<T>(shape, all);
    }
}
