using Spectre.Console;

namespace Noether.Examples;

/// <summary>Where an example writes: results to one stream, everything that is said on the way to the other.</summary>
internal sealed class Terminal
{
    // wide enough for a table in a log file
    private const int PlainWidth = 120;

    public Terminal(TextWriter output, TextWriter error)
    {
        Output = output;
        Error = error;
        Screen = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
        IsLive = Screen.Profile.Out.IsTerminal && Screen.Profile.Capabilities.Ansi;
        if (!Screen.Profile.Out.IsTerminal)
            Screen.Profile.Width = PlainWidth;
    }

    public TextWriter Output { get; }

    public TextWriter Error { get; }

    /// <summary>Standard error as Spectre sees it.</summary>
    public IAnsiConsole Screen { get; }

    /// <summary>True if lines can be redrawn.</summary>
    public bool IsLive { get; }

    public void Say(string line)
    {
        // Spectre moves a live bar out of the way, but it would wrap lines in a log
        if (IsLive)
            Screen.WriteLine(line);
        else
            Error.WriteLine(line);
    }

    /// <summary>Undoes what a live bar does to the terminal, for an end without clean-up.</summary>
    public void ShowCursor()
    {
        if (IsLive)
            Error.Write("\e[?25h");
    }
}
