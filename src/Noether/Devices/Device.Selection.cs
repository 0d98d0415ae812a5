using Noether.Devices;

namespace Noether;

public abstract partial class Device
{
    /// <summary>
    /// y[outer, i, inner] = the place of the i-th element in order along the axis of n; stable, NaN the greatest. All contiguous, y int64.
    /// </summary>
    internal virtual void ArgSort(bool descending, View x, View y, long outer, long n, long inner) =>
        throw new DeviceException($"ArgSort: {this} has no kernel for it");

    /// <summary>
    /// values and indices [outer, count, inner]: the first elements in order along the axis of n and their places; stable, NaN the greatest. All
    /// contiguous, indices int64.
    /// </summary>
    internal virtual void TopK(int count, bool descending, View x, View values, View indices, long outer, long n, long inner) =>
        throw new DeviceException($"TopK: {this} has no kernel for it");

    /// <summary>
    /// y[outer, r, inner] = the i with index[i] = r whose x[outer, i, inner] is extreme (the first of equals or of NaN), or -1. All contiguous,
    /// y int64 with n along the axis.
    /// </summary>
    internal virtual void ScatterExtremumIndex(bool largest, View x, View index, View y, long outer, long n, long inner) =>
        throw new DeviceException($"ScatterExtremumIndex: {this} has no kernel for it");
}
