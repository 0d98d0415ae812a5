using Noether.Graphs;

namespace Noether.Devices.Ilgpu;

/// <summary>The last steps given to a device since the host last waited for it: a kernel's fault shows only when it waits.</summary>
internal sealed class QueuedSteps
{
    /// <summary>How many are named.</summary>
    public const int Kept = 6;

    private readonly Step?[] last = new Step?[Kept];
    private int count;

    /// <summary>A step is queued.</summary>
    public void Add(Step step) => last[count++ % Kept] = step;

    /// <summary>All that was queued is done.</summary>
    public void Clear() => count = 0;

    /// <summary>For instance <c>queued since the last wait: MatMul, Softmax</c>; the earliest first.</summary>
    public override string ToString()
    {
        if (count == 0) return "nothing was queued since the last wait";
        var names = Enumerable.Range(Math.Max(0, count - Kept), Math.Min(count, Kept)).Select(i => last[i % Kept]!.Name);
        var earlier = count > Kept ? $"{count - Kept} steps, then " : "";
        var which = count == 1 ? "" : " (Debug.CheckNumerics = true waits after each step and so names the one)";
        return $"queued since the last wait: {earlier}{string.Join(", ", names)}{which}";
    }
}
