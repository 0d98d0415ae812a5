using ILGPU;

namespace Noether.Kernels.Reductions;

/// <summary>A tree in shared memory, for accelerators without shuffles.</summary>
public readonly struct SharedJoin : IGroupJoin
{
    /// <inheritdoc/>
    public static T Join<TOperation, T>(T part, int width, int height, int active)
        where TOperation : struct, IJoin<T>
        where T : unmanaged
    {
        var parts = SharedMemory.Allocate<T>(Grids.MaxThreads);
        if (height == 1) return part;
        var place = Group.IdxX / width & (height - 1);
        parts[Group.IdxX] = part;
        Group.Barrier();
        for (var half = height / 2; half > 0; half /= 2)
        {
            if (place < half && place + half < active) parts[Group.IdxX] = TOperation.Join(parts[Group.IdxX], parts[Group.IdxX + half * width]);
            Group.Barrier();
        }

        var joined = parts[Group.IdxX - place * width];
        Group.Barrier(); // the next call writes here
        return joined;
    }
}
