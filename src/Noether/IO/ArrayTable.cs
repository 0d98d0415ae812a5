using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Noether;

/// <summary>Arrays by name, in the order of their file; each is made when asked for.</summary>
/// <param name="file">Begins the error message.</param>
/// <param name="names">All different.</param>
/// <param name="load">The array of a name's position.</param>
internal sealed class ArrayTable(string file, IReadOnlyList<string> names, Func<int, HostArray> load) : IReadOnlyDictionary<string, HostArray>
{
    private readonly Dictionary<string, int> positions = Index(names);

    public int Count => names.Count;

    public IEnumerable<string> Keys => names;

    public IEnumerable<HostArray> Values
    {
        get
        {
            for (var i = 0; i < names.Count; i++) yield return load(i);
        }
    }

    public HostArray this[string key] =>
        positions.TryGetValue(key, out var at) ? load(at) : throw FileErrors.Broken(file, $"holds no array {FileErrors.Quote(key)}{Known()}");

    public bool ContainsKey(string key) => positions.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out HostArray value)
    {
        value = positions.TryGetValue(key, out var at) ? load(at) : null;
        return value is not null;
    }

    public IEnumerator<KeyValuePair<string, HostArray>> GetEnumerator()
    {
        for (var i = 0; i < names.Count; i++) yield return new(names[i], load(i));
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static Dictionary<string, int> Index(IReadOnlyList<string> names)
    {
        var positions = new Dictionary<string, int>(names.Count);
        for (var i = 0; i < names.Count; i++) positions.Add(names[i], i);
        return positions;
    }

    private string Known()
    {
        const int most = 8;
        if (names.Count == 0) return ", nor any other";
        var some = string.Join(", ", names.Take(most).Select(FileErrors.Quote));
        return names.Count <= most ? $", only {some}" : $", but {names.Count} others: {some}, …";
    }
}
