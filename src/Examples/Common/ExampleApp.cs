using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Noether.Examples;

/// <summary>A command line under construction: its own options, its verbs and what it does.</summary>
public sealed class ExampleApp
{
    private readonly List<Setting> settings = [];
    private readonly List<Setting> arguments = [];
    private readonly List<ExampleApp> verbs = [];

    internal ExampleApp(Command command, string name)
    {
        Command = command;
        Name = name;
    }

    internal string Name { get; }

    internal Command Command { get; }

    internal Func<ExampleRun, Task>? Work { get; private set; }

    internal IReadOnlyList<Setting> Settings => settings;

    internal IReadOnlyList<Setting> Unnamed => arguments;

    internal IReadOnlyList<ExampleApp> Verbs => verbs;

    /// <summary>An option that takes a number.</summary>
    /// <param name="name">With two dashes.</param>
    /// <param name="value">What holds without it.</param>
    /// <param name="description">One line for the help.</param>
    /// <param name="minimum">The least value allowed; null for any.</param>
    /// <param name="maximum">The greatest value allowed; null for any.</param>
    public Setting<T> Number<T>(string name, T value, string description, T? minimum = null, T? maximum = null) where T : struct, INumber<T>
    {
        var kind = T.IsInteger(T.CreateSaturating(0.5)) && T.CreateSaturating(0.5) == T.Zero ? "a whole number" : "a number";
        var range = (minimum, maximum) switch
        {
            (null, null) => "",
            ({ } low, null) => $" of at least {Text(low)}",
            (null, { } high) => $" of at most {Text(high)}",
            ({ } low, { } high) => $" from {Text(low)} to {Text(high)}",
        };
        return Add(name, "n", description, Text(value), value, word =>
            T.TryParse(word, CultureInfo.InvariantCulture, out var number) && !T.IsNaN(number)
                && (minimum is not { } low || number >= low) && (maximum is not { } high || number <= high)
                ? number
                : throw new UsageException($"{name} takes {kind}{range}, not '{word}'"));
    }

    /// <summary>An option that takes one of a few words.</summary>
    public Setting<string> Choice(string name, string value, string description, params string[] choices) =>
        Add(name, string.Join('|', choices), description, value, value, word =>
            choices.FirstOrDefault(choice => choice.Equals(word, StringComparison.OrdinalIgnoreCase))
            ?? throw new UsageException(Nearest.Among(word, choices) is { } near
                ? $"{name} takes {string.Join(", ", choices)}, not '{word}'; did you mean {near}?"
                : $"{name} takes {string.Join(", ", choices)}, not '{word}'"));

    /// <summary>An option that takes any text, such as a path; null without it.</summary>
    public Setting<string?> Text(string name, string placeholder, string description, string defaultText = "") =>
        Add<string?>(name, placeholder, description, defaultText, null, word => word);

    /// <summary>An option that is given or not.</summary>
    public Setting<bool> Flag(string name, string description)
    {
        var option = new Option<bool>(name) { Description = description, Arity = ArgumentArity.Zero };
        Command.Options.Add(option);
        return Keep(settings, new Setting<bool>(option, "", description, ""));
    }

    /// <summary>A value without a name, such as a file; it must be given.</summary>
    public Setting<string> Argument(string name, string description)
    {
        var argument = new Argument<string>(name)
        {
            Description = description,
            CustomParser = result => Parse(result, word => word.Length > 1 && word[0] == '-' ? throw new UsageException(UnknownOption(word)) : word),
        };
        Command.Arguments.Add(argument);
        return Keep(arguments, new Setting<string>(argument, name, description, ""));
    }

    /// <summary>One or more values without a name, such as files.</summary>
    public Setting<string[]> Arguments(string name, string description)
    {
        var argument = new Argument<string[]>(name)
        {
            Description = description,
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result =>
            {
                string[] words = [.. result.Tokens.Select(token => token.Value)];
                if (Array.Find(words, word => word.Length > 1 && word[0] == '-') is { } option) result.AddError(UnknownOption(option));
                return words;
            },
        };
        Command.Arguments.Add(argument);
        return Keep(arguments, new Setting<string[]>(argument, $"{name}...", description, ""));
    }

    /// <summary>A second thing that the example can do, with options of its own: <c>digits predict FILE</c>.</summary>
    public ExampleApp Verb(string name, string description)
    {
        var command = new Command(name, description);
        Command.Subcommands.Add(command);
        var verb = new ExampleApp(command, $"{Name} {name}");
        verbs.Add(verb);
        return verb;
    }

    /// <summary>What happens when the command line is right.</summary>
    public void Run(Func<ExampleRun, Task> work)
    {
        Work = work;
        // the parser takes a command with verbs and no action for one that needs a verb; it never runs this
        Command.SetAction(_ => ExitCode.Done);
    }

    /// <summary>What happens when the command line is right.</summary>
    public void Run(Action<ExampleRun> work) => Run(run =>
    {
        work(run);
        return Task.CompletedTask;
    });

    /// <summary>The line that tells a user of an option that is not there, with the nearest that is.</summary>
    internal string UnknownOption(string word)
    {
        var name = word.Split('=', ':')[0];
        var known = new List<string>();
        for (Command? at = Command; at is not null; at = at.Parents.OfType<Command>().FirstOrDefault())
            known.AddRange(at.Options.Where(option => at == Command || option.Recursive).Select(option => option.Name));
        return Nearest.Among(name, known) is { } near
            ? $"unknown option {name}; did you mean {near}?"
            : $"unknown option {name}; --help lists those that there are";
    }

    internal Setting<T> Add<T>(string name, string placeholder, string description, string defaultText, T value, Func<string, T> parse, bool shared = false)
    {
        var option = new Option<T>(name)
        {
            Description = description,
            DefaultValueFactory = _ => value,
            Arity = ArgumentArity.ExactlyOne,
            Recursive = shared,
            CustomParser = result => Parse(result, word => word.StartsWith("--", StringComparison.Ordinal)
                ? throw new UsageException($"{name} needs a value; {UnknownOption(word)}")
                : parse(word)),
        };
        Command.Options.Add(option);
        return Keep(settings, new Setting<T>(option, placeholder, description, defaultText));
    }

    private static T? Parse<T>(ArgumentResult result, Func<string, T> parse)
    {
        try
        {
            return parse(result.Tokens[0].Value);
        }
        catch (UsageException wrong)
        {
            result.AddError(wrong.Message);
            return default;
        }
    }

    private static Setting<T> Keep<T>(List<Setting> list, Setting<T> setting)
    {
        list.Add(setting);
        return setting;
    }

    private static string Text<T>(T value) where T : INumber<T> => value.ToString(null, CultureInfo.InvariantCulture);
}
