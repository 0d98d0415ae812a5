namespace Noether.Kernels.Tests.Copies;

/// <summary>Strided operands by their definition.</summary>
internal static class Strided
{
    /// <summary>Where each element lies, in row-major order of the coordinates.</summary>
    public static long[] Places(int[] sizes, long[] strides, long offset)
    {
        long[] places = [offset];
        for (var axis = 0; axis < sizes.Length; axis++)
        {
            var (size, stride) = (sizes[axis], strides[axis]);
            places = [.. places.SelectMany(place => Enumerable.Range(0, size).Select(i => place + i * stride))];
        }

        return places;
    }
}
