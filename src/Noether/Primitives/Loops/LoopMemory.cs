using Noether.Devices;

namespace Noether.Primitives;

/// <summary>The blocks of a running loop: frees each the moment no value of the loop is in it.</summary>
/// <remarks>
/// The operands' blocks belong to the evaluation around the loop. While the loop runs they count no live values, so that the body's plan neither
/// frees nor overwrites them.
/// </remarks>
internal sealed class LoopMemory : IDisposable
{
    private readonly List<(Storage Storage, int LiveValues)> lent = [];
    private readonly HashSet<Storage> own = [];

    public LoopMemory(View[] operands)
    {
        foreach (var view in operands)
        {
            lent.Add((view.Storage, view.Storage.LiveValues));
            view.Storage.LiveValues = 0;
        }
    }

    /// <summary>Takes a step's results, and frees the blocks of earlier ones that are in none of the values still needed.</summary>
    public void Replace(View[] results, View[] needed)
    {
        foreach (var view in results)
        {
            if (!lent.Exists(l => l.Storage == view.Storage)) own.Add(view.Storage);
        }

        foreach (var storage in own.Where(s => !Array.Exists(needed, v => v.Storage == s)).ToArray())
        {
            own.Remove(storage);
            storage.Release();
        }
    }

    public void Dispose()
    {
        foreach (var storage in own) storage.Release();
        for (var i = lent.Count - 1; i >= 0; i--) lent[i].Storage.LiveValues = lent[i].LiveValues;
    }
}
