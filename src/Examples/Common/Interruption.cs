using System.Runtime.InteropServices;

namespace Noether.Examples;

/// <summary>Ctrl-C and SIGTERM as a cancelled token; the second of them ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration interrupt, terminate;
    private readonly string name;
    private readonly Terminal terminal;
    private int signals;

    public Interruption(string name, Terminal terminal)
    {
        (this.name, this.terminal) = (name, terminal);
        interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);
        terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle);
    }

    public CancellationToken Token => source.Token;

    public void Dispose()
    {
        interrupt.Dispose();
        terminate.Dispose();
        source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref signals) > 1)
        {
            terminal.ShowCursor();
            Environment.Exit(ExitCode.Interrupted);
        }

        terminal.Say($"{name}: stopping and saving; once more to stop at once");
        source.Cancel();
    }
}
