namespace Noether.Kernels.Reductions;

/// <summary>How the threads of a group that fold one line join what each has; every thread of the group must come.</summary>
/// <remarks>
/// Thread t is at place t / width mod height of its line: <c>width</c> lines lie side by side. Both are powers of two, their product is at most the
/// group's threads, and a height of more than a warp's share takes whole warps.
/// </remarks>
public interface IGroupJoin
{
    /// <summary>The joined value, given to each thread of the line.</summary>
    /// <param name="part">What the calling thread has.</param>
    /// <param name="width">Lines side by side; at most a warp.</param>
    /// <param name="height">Threads a line.</param>
    /// <param name="active">How many of them, the first ones, have a part; what the others bring is never joined.</param>
    static abstract T Join<TOperation, T>(T part, int width, int height, int active)
        where TOperation : struct, IJoin<T>
        where T : unmanaged;
}
