namespace Noether.Devices;

/// <summary>The larger blocks in use and what is in them: what the error of a request without room tells.</summary>
internal sealed class LiveBlocks
{
    /// <summary>Bytes from which a block is listed: a kernel that fills one takes longer than the list's entry.</summary>
    public const long Least = 64 << 10;

    private const int Shown = 5;

    private readonly Dictionary<nint, (long Bytes, object? Content)> blocks = [];

    /// <summary>Notes a block that is given out.</summary>
    /// <param name="handle">The block.</param>
    /// <param name="capacity">Its bytes.</param>
    /// <param name="content">What <see cref="object.ToString"/> describes, such as a type; null if unknown.</param>
    public void Add(nint handle, long capacity, object? content)
    {
        if (capacity >= Least) blocks[handle] = (capacity, content);
    }

    /// <summary>Forgets a block that comes back.</summary>
    public void Remove(nint handle, long capacity)
    {
        if (capacity >= Least) blocks.Remove(handle);
    }

    /// <summary>The largest, blocks of equal bytes and content counted.</summary>
    public override string ToString()
    {
        var groups = blocks.Values
            .GroupBy(static block => (block.Bytes, Content: block.Content?.ToString()))
            .OrderByDescending(static group => group.Key.Bytes)
            .ThenBy(static group => group.Key.Content, StringComparer.Ordinal)
            .ToArray();
        if (groups.Length == 0) return $"no block of {MemoryPool.Text(Least)} or more is in use";
        var texts = groups.Take(Shown).Select(static group =>
            $"{(group.Count() > 1 ? $"{group.Count()} x " : "")}{MemoryPool.Text(group.Key.Bytes)}{(group.Key.Content is { } content ? $" {content}" : "")}");
        var rest = groups.Skip(Shown).Sum(static group => group.Count());
        return $"largest in use: {string.Join(", ", texts)}{(rest > 0 ? $", {rest} smaller" : "")}";
    }
}
