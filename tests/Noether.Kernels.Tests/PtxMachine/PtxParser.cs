using System.Globalization;
using System.Text.RegularExpressions;

namespace Noether.Kernels.Tests;

/// <summary>Reads a module of one kernel: declarations, labels and scopes; <see cref="PtxDecoder"/> reads the instructions.</summary>
internal sealed partial class PtxParser
{
    private readonly PtxSymbols symbols = new();
    private readonly List<PtxInstruction> code = [];
    private readonly List<(PtxInstruction Branch, string Label, PtxSymbols.Scope Scope)> branches = [];
    private readonly List<(string Name, int Alignment)> dynamics = []; // of dynamic shared memory
    private int parameters, shared, local;

    /// <summary>The kernel of a module.</summary>
    /// <exception cref="PtxException">It is not one kernel, or has what the machine does not know.</exception>
    public static PtxProgram Parse(string ptx) => new PtxParser().Module(Comment().Replace(ptx, " ").Replace("shared::cta", "shared", StringComparison.Ordinal));

    private PtxProgram Module(string text)
    {
        var entries = Entry().Matches(text);
        if (entries.Count != 1) throw new PtxException($"a module of {entries.Count} kernels; the machine runs one");
        var entry = entries[0];
        foreach (Match variable in Variable().Matches(text[..entry.Index])) Declare(variable);
        foreach (Match parameter in Variable().Matches(entry.Groups["parameters"].Value)) Declare(parameter);
        var directives = entry.Groups["directives"].Value;
        var most = Regex.Match(directives, @"\.maxntid\s+(\d+)(?:\s*,\s*(\d+))?(?:\s*,\s*(\d+))?");
        var threads = most.Success ? most.Groups.Values.Skip(1).Where(group => group.Success).Aggregate(1, (product, group) => product * Number(group)) : 1024;
        Body(text, entry.Index + entry.Length);

        code.Add(new() { Text = "ret", Kind = PtxKind.Exit });
        foreach (var (branch, label, scope) in branches) branch.Target = scope.FindLabel(label) ?? throw new PtxException($"{branch.Text}: no such label");
        var alignment = dynamics.Select(dynamic => dynamic.Alignment).DefaultIfEmpty(1).Max();
        var start = (shared + alignment - 1) / alignment * alignment;
        return new()
        {
            Name = entry.Groups["name"].Value,
            Code = [.. code],
            Registers = WithDynamics(start),
            Specials = symbols.Specials,
            ParameterBytes = parameters,
            SharedBytes = shared,
            DynamicShared = start,
            LocalBytes = local,
            MaxThreads = threads,
        };
    }

    // The block of dynamic shared memory lies behind what the kernel declares itself, which is known only now: its symbols held their own numbers till here.
    private ulong[] WithDynamics(int start)
    {
        var registers = symbols.Registers;
        for (var i = 0; i < dynamics.Count; i++)
        {
            var mark = Mark(i);
            for (var slot = 0; slot < registers.Length; slot++)
            {
                if (registers[slot] >= mark && registers[slot] < mark + (1 << 20)) registers[slot] = registers[slot] - mark + (ulong)(PtxAddress.Shared + start);
            }
        }

        return registers;
    }

    private static ulong Mark(int dynamic) => 0x5A00_0000_0000_0000 + ((ulong)dynamic << 32);

    private void Body(string text, int at)
    {
        for (var depth = 1; depth > 0;)
        {
            while (at < text.Length && (char.IsWhiteSpace(text[at]) || text[at] == ';')) at++;
            if (at == text.Length) throw new PtxException("the kernel does not end");
            if (text[at] == '{')
            {
                symbols.Enter();
                depth++;
                at++;
            }
            else if (text[at] == '}')
            {
                symbols.Leave();
                depth--;
                at++;
            }
            else if (Label().Match(text, at) is { Success: true } label)
            {
                symbols.Innermost.Labels[label.Groups[1].Value] = code.Count;
                at += label.Length;
            }
            else
            {
                var end = text.IndexOf(';', at);
                if (end < 0) throw new PtxException($"{text[at..].Trim()} has no end");
                Statement(Space().Replace(text[at..end], " ").Trim());
                at = end + 1;
            }
        }
    }

    private void Statement(string text)
    {
        if (text.StartsWith(".reg", StringComparison.Ordinal)) symbols.Declare(text[(text.IndexOf(' ', 5) + 1)..]);
        else if (Variable().Match(text) is { Success: true, Index: 0 } variable) Declare(variable);
        else if (!text.StartsWith(".pragma", StringComparison.Ordinal)) code.Add(Instruction(text));
    }

    private PtxInstruction Instruction(string text)
    {
        var instruction = new PtxInstruction { Text = text };
        try
        {
            var (guard, rest) = text.StartsWith('@') ? (text[1..text.IndexOf(' ', StringComparison.Ordinal)], text[(text.IndexOf(' ', StringComparison.Ordinal) + 1)..]) : ("", text);
            if (guard.Length > 0)
            {
                instruction.GuardedBy = guard[0] != '!';
                instruction.Guard = symbols.Operand(guard.TrimStart('!'), "pred");
            }

            var blank = rest.IndexOf(' ', StringComparison.Ordinal);
            var (opcode, operands) = blank < 0 ? (rest, "") : (rest[..blank], rest[(blank + 1)..]);
            if (opcode is "bra" or "bra.uni")
            {
                instruction.Kind = PtxKind.Branch;
                branches.Add((instruction, operands.Trim(), symbols.Innermost));
            }
            else
            {
                PtxDecoder.Decode(instruction, opcode, Split(operands), symbols);
            }
        }
        catch (Exception error) when (error is PtxException or FormatException or IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            throw new PtxException($"{text}: {error.Message}", error);
        }

        return instruction;
    }

    // At commas outside of braces and brackets.
    private static string[] Split(string operands)
    {
        var parts = new List<string>();
        int depth = 0, start = 0;
        for (var i = 0; i <= operands.Length; i++)
        {
            if (i == operands.Length || depth == 0 && operands[i] == ',')
            {
                if (operands[start..i].Trim() is { Length: > 0 } part) parts.Add(part);
                start = i + 1;
            }
            else if (operands[i] is '{' or '[')
            {
                depth++;
            }
            else if (operands[i] is '}' or ']')
            {
                depth--;
            }
        }

        return [.. parts];
    }

    private void Declare(Match variable)
    {
        var name = variable.Groups["name"].Value;
        var element = Bytes(variable.Groups["type"].Value);
        var alignment = variable.Groups["alignment"] is { Success: true } group ? Number(group) : element;
        var isArray = variable.Groups["array"].Success;
        var count = variable.Groups["count"] is { Length: > 0 } length ? Number(length) : isArray ? 0 : 1;
        switch (variable.Groups["space"].Value)
        {
            case "param":
                symbols.Declare(name, Place(ref parameters));
                break;
            case "local":
                symbols.Declare(name, PtxAddress.Local + Place(ref local));
                break;
            case "shared" when isArray && count == 0:
                symbols.Declare(name, (long)Mark(dynamics.Count));
                dynamics.Add((name, alignment));
                break;
            case "shared":
                symbols.Declare(name, PtxAddress.Shared + Place(ref shared));
                break;
            case var space:
                throw new PtxException($"{variable.Value}: variables of .{space} are not known to this machine");
        }

        int Place(ref int used)
        {
            var start = (used + alignment - 1) / alignment * alignment;
            used = start + count * element;
            return start;
        }
    }

    private static int Bytes(string type) => int.Parse(type.AsSpan(1), CultureInfo.InvariantCulture) / 8;

    private static int Number(Capture digits) => int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex(@"\.entry\s+(?<name>[\w$]+)\s*(?:\((?<parameters>[^)]*)\))?(?<directives>[^{]*)\{")]
    private static partial Regex Entry();

    [GeneratedRegex(@"\G([\w$]+)\s*:(?!:)")]
    private static partial Regex Label();

    [GeneratedRegex(@"(?:\.extern\s+)?\.(?<space>param|shared|local|global|const)\s+(?:\.align\s+(?<alignment>\d+)\s+)?\.(?<type>[bufs]\d+)\s+(?<name>[\w$%]+)(?<array>\[(?<count>\d*)\])?")]
    private static partial Regex Variable();
}
