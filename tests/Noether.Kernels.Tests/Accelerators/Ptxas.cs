using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Noether.Kernels.Tests;

/// <summary>NVIDIA's assembler: what a kernel takes on an architecture, without a GPU.</summary>
public static partial class Ptxas
{
    /// <summary>ptxas by <c>NOETHER_PTXAS</c>, on the path, or where <c>.ci/ptxas</c> puts it; null if it is nowhere.</summary>
    public static string? Path { get; } = Find();

    /// <summary>Assembles PTX, for instance for "sm_90".</summary>
    /// <param name="ptx">One kernel.</param>
    /// <param name="architecture">The GPU's architecture.</param>
    /// <param name="disassembles">Asks for the instructions too, if nvdisasm lies beside ptxas.</param>
    /// <exception cref="InvalidOperationException">ptxas refuses the text.</exception>
    public static Assembly Assemble(string ptx, string architecture, bool disassembles = false)
    {
        var name = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"noether-{Guid.NewGuid():N}");
        var (source, binary) = (name + ".ptx", name + ".cubin");
        try
        {
            File.WriteAllText(source, ptx);
            var log = Run(Path!, "-v", "-O3", $"-arch={architecture}", source, "-o", binary);
            var disassembler = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, "nvdisasm");
            var instructions = disassembles && File.Exists(disassembler) ? Run(disassembler, "-c", binary) : null;
            return new(Number(Registers(), log), Number(Stack(), log), Number(Stores(), log) + Number(Loads(), log), instructions);
        }
        finally
        {
            File.Delete(source);
            File.Delete(binary);
        }
    }

    private static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var text = process.StandardOutput.ReadToEnd() + error.GetAwaiter().GetResult();
        process.WaitForExit();
        return process.ExitCode == 0 ? text : throw new InvalidOperationException($"{System.IO.Path.GetFileName(program)}: {text}");
    }

    private static int Number(Regex pattern, string log) => pattern.Match(log) is { Success: true } match
        ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
        : throw new InvalidOperationException($"ptxas: no {pattern} in: {log}");

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("NOETHER_PTXAS") is { Length: > 0 } named) return named;
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } home
            ? home
            : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders
            .Append(System.IO.Path.Combine(cache, "noether-ptxas", "usr", "bin"))
            .Select(folder => System.IO.Path.Combine(folder, "ptxas"))
            .FirstOrDefault(File.Exists);
    }

    [GeneratedRegex(@"Used (\d+) registers")]
    private static partial Regex Registers();

    [GeneratedRegex(@"(\d+) bytes stack frame")]
    private static partial Regex Stack();

    [GeneratedRegex(@"(\d+) bytes spill stores")]
    private static partial Regex Stores();

    [GeneratedRegex(@"(\d+) bytes spill loads")]
    private static partial Regex Loads();

    /// <summary>What a kernel takes.</summary>
    /// <param name="Registers">Of a thread.</param>
    /// <param name="Stack">Bytes of a thread.</param>
    /// <param name="Spills">Bytes stored and loaded.</param>
    /// <param name="Instructions">The disassembly, if it was asked for.</param>
    public sealed record Assembly(int Registers, int Stack, int Spills, string? Instructions)
    {
        /// <summary>How many instructions begin with a name, modifiers included: <c>LDG.E.128</c>.</summary>
        public int Count(string name) => Regex.Count(Instructions ?? "", $@"(?m)^\s+(/\*[0-9a-f]+\*/\s+)?(@!?U?P\w+\s+)?{Regex.Escape(name)}\b");
    }
}
