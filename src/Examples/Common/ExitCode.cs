namespace Noether.Examples;

/// <summary>What an example's process returns.</summary>
public static class ExitCode
{
    /// <summary>The work is done.</summary>
    public const int Done = 0;

    /// <summary>It failed; one line on standard error says why.</summary>
    public const int Failed = 1;

    /// <summary>The command line was wrong; one line names the nearest right option.</summary>
    public const int Usage = 2;

    /// <summary>Stopped by Ctrl-C or SIGTERM, after saving what can be resumed: 128 + SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;
}
