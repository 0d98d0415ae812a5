namespace Noether.Examples;

/// <summary>What a mistyped word was meant to be.</summary>
internal static class Nearest
{
    /// <summary>The candidate with the fewest edits to <paramref name="word"/>, or that it abbreviates; null if none is near.</summary>
    public static string? Among(string word, IEnumerable<string> candidates)
    {
        string? best = null;
        // a third of the letters may be wrong, and two in any word
        var limit = Math.Max(2, word.TrimStart('-').Length / 3);
        var fewest = limit + 1;
        foreach (var candidate in candidates)
        {
            var abbreviated = word.TrimStart('-').Length > 1 && candidate.StartsWith(word, StringComparison.OrdinalIgnoreCase);
            var edits = abbreviated ? 1 : Edits(word.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (edits < fewest)
                (best, fewest) = (candidate, edits);
        }

        return best;
    }

    // Damerau-Levenshtein with adjacent swaps only, three rows at a time
    private static int Edits(string a, string b)
    {
        var (before, last, row) = (new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++)
            last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                row[j] = Math.Min(Math.Min(last[j] + 1, row[j - 1] + 1), last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
            }

            (before, last, row) = (last, row, before);
        }

        return last[b.Length];
    }
}
