using System.Text;

namespace Noether.Examples;

/// <summary>What --help prints: use, verbs, own options, shared options, each with its default.</summary>
internal static class HelpText
{
    // a terminal's usual width; longer descriptions continue below themselves
    private const int Width = 100;

    // descriptions begin here at the latest: below names that are longer
    private const int MostIndent = 44;

    // more words than fit on a line are listed behind the description
    private const int MostPlaceholder = 80;

    public static string Of(ExampleApp verb, ExampleApp root, IReadOnlyList<Setting> shared, IReadOnlyList<Setting> rootOwn)
    {
        var text = new StringBuilder();
        var own = verb == root ? rootOwn : verb.Settings;
        text.AppendLine(verb.Command.Description).AppendLine();
        text.Append("Usage\n  ").Append(verb.Name);
        if (verb.Verbs.Count > 0)
            text.Append(verb.Work is null ? " <verb>" : " [verb]");
        foreach (var argument in verb.Unnamed)
            text.Append($" <{argument.Placeholder}>");
        text.AppendLine(" [options]");

        var sections = new (string Title, (string Left, string Right)[] Rows)[]
        {
            ("Verbs", [.. verb.Verbs.Select(each => (Synopsis(each), each.Command.Description ?? ""))]),
            ("Arguments", [.. verb.Unnamed.Select(each => ($"<{each.Placeholder}>", each.Description))]),
            ("Options", [.. own.Select(Row)]),
            ("Options of every example", [.. shared.Select(Row), ("--help", "this text, also after a verb"), ("--version", "the version")]),
        };
        var indent = Math.Min(MostIndent, sections.SelectMany(section => section.Rows).Max(row => row.Left.Length) + 4);
        foreach (var (title, rows) in sections.Where(section => section.Rows.Length > 0))
        {
            text.AppendLine().AppendLine(title);
            foreach (var (left, right) in rows)
                Append(text, left, right, indent);
        }

        return text.ToString();
    }

    private static string Synopsis(ExampleApp verb) =>
        string.Join(' ', [verb.Command.Name, .. verb.Unnamed.Select(argument => $"<{argument.Placeholder}>")]);

    private static (string Left, string Right) Row(Setting setting)
    {
        var words = setting.Placeholder.Length > MostPlaceholder ? $": {setting.Placeholder.Replace("|", ", ", StringComparison.Ordinal)}" : "";
        var placeholder = words.Length > 0 ? "name" : setting.Placeholder;
        return (
            placeholder.Length == 0 ? setting.Name : $"{setting.Name} <{placeholder}>",
            $"{setting.Description}{words}{(setting.DefaultText.Length == 0 ? "" : $" [default: {setting.DefaultText}]")}");
    }

    private static void Append(StringBuilder text, string left, string right, int indent)
    {
        var line = new StringBuilder("  ").Append(left.PadRight(indent - 2));
        if (left.Length > indent - 4)
        {
            text.AppendLine(line.ToString().TrimEnd());
            line.Clear().Append(' ', indent);
        }

        foreach (var word in right.Split(' '))
        {
            if (line.Length + word.Length > Width)
            {
                text.AppendLine(line.ToString().TrimEnd());
                line.Clear().Append(' ', indent);
            }

            line.Append(word).Append(' ');
        }

        text.AppendLine(line.ToString().TrimEnd());
    }
}
