using System.IO.Enumeration;

namespace Noether.Bench.Comparing;

/// <summary>Filters of cases: a part of the text, or a pattern with * and ?, whatever the case of letters.</summary>
internal static class Pattern
{
    public static bool Matches(string text, string? filter) =>
        string.IsNullOrEmpty(filter)
        || text.Contains(filter, StringComparison.OrdinalIgnoreCase)
        || FileSystemName.MatchesSimpleExpression(filter, text, ignoreCase: true);
}
