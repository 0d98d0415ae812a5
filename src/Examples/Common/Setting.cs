using System.CommandLine;

namespace Noether.Examples;

/// <summary>An option or argument of a command line, as the help shows it.</summary>
/// <param name="Name">With its dashes, or the bare name of an argument.</param>
/// <param name="Placeholder">What stands for the value; empty for a flag.</param>
/// <param name="Description">One line.</param>
/// <param name="DefaultText">The value that holds without it; empty for none.</param>
public abstract record Setting(string Name, string Placeholder, string Description, string DefaultText);

/// <summary>An option or argument whose value is a <typeparamref name="T"/>; <see cref="ExampleRun.Get"/> reads it.</summary>
public sealed record Setting<T> : Setting
{
    private readonly Symbol symbol;

    internal Setting(Symbol symbol, string placeholder, string description, string defaultText)
        : base(symbol.Name, placeholder, description, defaultText) => this.symbol = symbol;

    internal T Read(ParseResult parse) => symbol switch
    {
        Option<T> option => parse.GetValue(option)!,
        Argument<T> argument => parse.GetValue(argument)!,
        _ => throw new InvalidOperationException($"{Name} is neither an option nor an argument"),
    };
}
