using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Noether.Runner;

/// <summary>
/// Which tests to run, written as NUnit's selection language without parentheses: <c>cat==Cuda and test=~MatMul or not class==X</c>, where
/// <c>and</c> binds tighter; <c>==</c> and <c>!=</c> compare whole words, <c>=~</c> and <c>!~</c> match regular expressions.
/// </summary>
internal static partial class Selection
{
    private static readonly string[] Properties = ["cat", "test", "name", "class", "method", "namespace"];

    /// <summary>The filter in NUnit's XML form; an empty one selects everything.</summary>
    /// <param name="where">An expression; null for none.</param>
    /// <param name="categories">The test must have one of them; none for any.</param>
    /// <exception cref="FormatException">The expression is not understood; the message is one line and says what was expected.</exception>
    public static XElement Filter(string? where, IReadOnlyCollection<string> categories)
    {
        var filter = new XElement("filter");
        if (categories.Count > 0) filter.Add(new XElement("or", categories.Select(static category => new XElement("cat", category))));
        if (!string.IsNullOrWhiteSpace(where)) filter.Add(Either(where));
        return filter.Elements().Count() > 1 ? new("filter", new XElement("and", filter.Elements())) : filter;
    }

    private static XElement Either(string text) => new("or", Or().Split(text).Select(static part => new XElement("and", And().Split(part).Select(Term))));

    private static XElement Term(string text)
    {
        if (Clause().Match(text) is not { Success: true } match) throw new FormatException($"--where: '{text.Trim()}' is not PROPERTY==VALUE (or !=, =~, !~)");
        var property = match.Groups["property"].Value;
        if (!Properties.Contains(property)) throw new FormatException($"--where: there is no '{property}'; there are {string.Join(", ", Properties)}");
        var (sign, value) = (match.Groups["operator"].Value, match.Groups["value"].Value.Trim('\'', '"'));
        var term = new XElement(property, value);
        if (sign[1] == '~') term.SetAttributeValue("re", 1);
        return sign[0] == '!' != match.Groups["not"].Success ? new("not", term) : term;
    }

    [GeneratedRegex(@"\s+or(?:\s+|$)|\s*\|\|\s*")]
    private static partial Regex Or();

    [GeneratedRegex(@"\s+and(?:\s+|$)|\s*&&\s*")]
    private static partial Regex And();

    [GeneratedRegex(@"^\s*(?<not>not\s+)?(?<property>\w+)\s*(?<operator>==|!=|=~|!~)\s*(?<value>\S.*?)\s*$")]
    private static partial Regex Clause();
}
