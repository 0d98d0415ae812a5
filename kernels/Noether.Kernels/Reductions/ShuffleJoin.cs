using ILGPU;

namespace Noether.Kernels.Reductions;

/// <summary>A tree of shuffles inside a warp; the warps of a longer line meet in shared memory. Not for bytes: ILGPU 1.5.3 compiles no shuffle of them.</summary>
public readonly struct ShuffleJoin : IGroupJoin
{
    /// <inheritdoc/>
    public static T Join<TOperation, T>(T part, int width, int height, int active)
        where TOperation : struct, IJoin<T>
        where T : unmanaged
    {
        var parts = SharedMemory.Allocate<T>(Grids.MaxThreads);
        var place = Group.IdxX / width & (height - 1);
        var inWarp = Warp.WarpSize / width;
        if (inWarp > height) inWarp = height;
        for (var half = inWarp / 2; half > 0; half /= 2)
        {
            // Beyond the first half of a line nobody reads what this makes.
            var other = Warp.ShuffleDown(part, half * width);
            if (place + half < active) part = TOperation.Join(part, other);
        }

        var first = Group.IdxX - place * width;
        if (inWarp == height) return Warp.Shuffle(part, first & (Warp.WarpSize - 1));

        parts[Group.IdxX] = part;
        Group.Barrier();
        var joined = parts[first];
        for (var other = inWarp; other < active; other += inWarp)
            joined = TOperation.Join(joined, parts[first + other * width]);
        Group.Barrier(); // the next call writes here
        return joined;
    }
}
