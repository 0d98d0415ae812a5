using Noether.Devices;

namespace Noether.Primitives;

/// <summary>The blocks of a running loop: frees each the moment no value of the loop is in it.</summary>
/// <remarks>The operands' blocks belong to the evaluation around the loop: the body's plan neither frees nor overwrites what it was not given.</remarks>
internal sealed class LoopMemory(View[] operands) : IDisposable
{
    private readonly Storage[] lent = Array.ConvertAll(operands, static view => view.Storage);
    private readonly HashSet<Storage> own = [];

    /// <summary>Takes a step's results, and frees the blocks of earlier ones that are in none of the values still needed.</summary>
    public void Replace(View[] results, View[] needed)
    {
        foreach (var view in results)
        {
            if (Array.IndexOf(lent, view.Storage) < 0) own.Add(view.Storage);
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
    }
}
