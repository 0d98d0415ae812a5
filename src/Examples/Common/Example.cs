using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Diagnostics;

namespace Noether.Examples;

/// <summary>The shell around every example: options, help, progress, errors, Ctrl-C, figures as JSON.</summary>
/// <example><code>
/// return await Example.Run("digits", "Trains a small network on handwritten digits.", args, app =&gt;
/// {
///     var epochs = app.Number("--epochs", 3, "passes over the training images", minimum: 1);
///     app.Run(run =&gt; run.Record("epochs", run.Get(epochs)));
/// });
/// </code></example>
public static class Example
{
    /// <summary>Reads the command line, does the work and returns the process's exit code (<see cref="ExitCode"/>).</summary>
    /// <param name="name">One word, lower case: the folder of the output, the start of error lines.</param>
    /// <param name="description">What the example shows, in a sentence.</param>
    /// <param name="args">The command line.</param>
    /// <param name="configure">Adds options, verbs and the work.</param>
    public static async Task<int> Run(string name, string description, string[] args, Action<ExampleApp> configure)
    {
        var terminal = new Terminal(Console.Out, Console.Error);
        using var interruption = new Interruption(name, terminal);
        return await Run(name, description, args, configure, terminal, interruption.Token);
    }

    internal static async Task<int> Run(
        string name, string description, string[] args, Action<ExampleApp> configure, Terminal terminal, CancellationToken cancellation)
    {
        var root = new RootCommand(description);
        var app = new ExampleApp(root, name);
        var shared = new SharedSettings(app);
        var known = app.Settings.Count;
        configure(app);

        var parse = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
        var command = parse.CommandResult.Command;
        var verb = Find(app, command);
        if (root.Options.OfType<HelpOption>().Any(help => parse.GetResult(help) is not null))
        {
            terminal.Output.Write(HelpText.Of(verb, app, [.. app.Settings.Take(known)], [.. app.Settings.Skip(known)]));
            return ExitCode.Done;
        }

        if (root.Options.OfType<VersionOption>().Any(version => parse.GetResult(version) is not null))
        {
            terminal.Output.WriteLine($"{name} {typeof(Example).Assembly.GetName().Version?.ToString(3)}");
            return ExitCode.Done;
        }

        if (Mistake(parse, verb) is { } mistake)
        {
            terminal.Error.WriteLine($"{name}: {OneLine(mistake)}");
            return ExitCode.Usage;
        }

        return await Work(name, verb, new ExampleRun(name, parse, shared, terminal, cancellation), terminal);
    }

    private static async Task<int> Work(string name, ExampleApp verb, ExampleRun run, Terminal terminal)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            run.ChooseDevice();
            await verb.Work!(run);
            if (run.Cancellation.IsCancellationRequested)
                return Interrupted(name, run, terminal);
            if (run.Json)
                terminal.Output.WriteLine(run.ToJson(clock.Elapsed.TotalSeconds));
            else
                run.TellOutputs();
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (run.Cancellation.IsCancellationRequested)
        {
            return Interrupted(name, run, terminal);
        }
        catch (UsageException wrong)
        {
            terminal.Error.WriteLine($"{name}: {OneLine(wrong.Message)}");
            return ExitCode.Usage;
        }
        catch (Exception error)
        {
            var cause = Cause(error);
            terminal.Error.WriteLine(IsExpected(cause)
                ? $"{name}: {OneLine(cause.Message)}"
                : $"{name}: unexpected {cause.GetType().Name}: {OneLine(cause.Message)} (NOETHER_TRACE=1 shows where)");
            if (Environment.GetEnvironmentVariable("NOETHER_TRACE") == "1")
                terminal.Error.WriteLine(error);
            return ExitCode.Failed;
        }
    }

    private static int Interrupted(string name, ExampleRun run, Terminal terminal)
    {
        terminal.Error.WriteLine(run.Checkpoint is { } path
            ? $"{name}: interrupted; saved {path}; --resume goes on from there"
            : $"{name}: interrupted");
        return ExitCode.Interrupted;
    }

    /// <summary>The first thing that is wrong with a command line; null if nothing is.</summary>
    private static string? Mistake(ParseResult parse, ExampleApp verb)
    {
        if (parse.UnmatchedTokens is [var stray, ..])
        {
            if (stray.Length > 1 && stray[0] == '-')
                return verb.UnknownOption(stray);
            var verbs = verb.Verbs.Select(each => each.Command.Name).ToArray();
            return verbs.Length == 0 ? $"unexpected '{stray}'"
                : Nearest.Among(stray, verbs) is { } near ? $"unknown verb '{stray}'; did you mean {near}?"
                : $"unknown verb '{stray}'; there is {string.Join(", ", verbs)}";
        }

        if (verb.Work is null)
            return $"needs a verb: {string.Join(", ", verb.Verbs.Select(each => each.Command.Name))}";
        return parse.Errors is [var error, ..]
            ? error.SymbolResult switch
            {
                OptionResult { Tokens.Count: 0, IdentifierToken: not null } option => $"{option.Option.Name} needs a value",
                OptionResult { IdentifierTokenCount: > 1 } option => $"{option.Option.Name} is given more than once",
                ArgumentResult { Tokens.Count: 0 } argument => $"{verb.Name.Split(' ')[^1]} needs <{argument.Argument.Name}>",
                _ => error.Message,
            }
            : null;
    }

    private static ExampleApp Find(ExampleApp app, Command command) =>
        app.Command == command ? app : app.Verbs.Select(verb => Find(verb, command)).FirstOrDefault(found => found.Command == command) ?? app;

    /// <summary>Errors whose message is made for the user: what the engine raises on purpose, and files.</summary>
    private static bool IsExpected(Exception error) => error is NoetherException or IOException or UnauthorizedAccessException;

    private static Exception Cause(Exception error) =>
        error is AggregateException or TypeInitializationException or System.Reflection.TargetInvocationException && error.InnerException is { } inner
            ? Cause(inner)
            : error;

    private static string OneLine(string message) =>
        string.Join(' ', message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
