namespace Noether.Models.Curvature;

/// <summary>A number of a name that is the same in every run, unlike <see cref="string.GetHashCode()"/>: FNV-1a.</summary>
internal static class NameHash
{
    public static int Of(string name)
    {
        var hash = 2166136261;
        foreach (var c in name) hash = (hash ^ c) * 16777619;
        return (int)hash;
    }
}
