namespace Noether.Devices.Host;

/// <summary>The body of a parallel loop, as a struct so that <see cref="WorkerPool.For{TBody}"/> calls it without a delegate.</summary>
internal interface IParallelBody
{
    /// <summary>Does the part numbered <paramref name="index"/>; parts run in any order and at the same time.</summary>
    void Invoke(int index);
}
