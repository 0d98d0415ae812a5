using System.Globalization;

namespace Noether.Kernels.Tests;

/// <summary>Names of a kernel: registers by scope, variables by address, immediate values and special registers by slot.</summary>
internal sealed class PtxSymbols
{
    private readonly List<ulong> registers = [ulong.MaxValue]; // slot 0 is nobody's
    private readonly Dictionary<ulong, int> constants = [];
    private readonly Dictionary<string, int> specials = [];
    private readonly Dictionary<string, long> variables = [];
    private readonly Stack<Scope> scopes = new([new Scope(null)]);

    /// <summary>A thread's registers at its start.</summary>
    public ulong[] Registers => [.. registers];

    /// <summary>The special registers in use.</summary>
    public (string Name, int Slot)[] Specials => [.. specials.Select(pair => (pair.Key, pair.Value))];

    /// <summary>The innermost scope.</summary>
    public Scope Innermost => scopes.Peek();

    /// <summary>Opens a scope.</summary>
    public void Enter() => scopes.Push(new(scopes.Peek()));

    /// <summary>Closes it.</summary>
    public void Leave() => scopes.Pop();

    /// <summary>Declares what stands behind <c>.reg .type</c>: names, or a prefix and a count in angle brackets.</summary>
    public void Declare(string list)
    {
        foreach (var item in list.Split(',', StringSplitOptions.TrimEntries))
        {
            if (item.IndexOf('<', StringComparison.Ordinal) is var at and > 0)
            {
                var count = int.Parse(item.AsSpan(at + 1, item.IndexOf('>', StringComparison.Ordinal) - at - 1), CultureInfo.InvariantCulture);
                for (var i = 0; i < count; i++) Innermost.Registers[item[..at] + i] = Slot(ulong.MaxValue);
            }
            else
            {
                Innermost.Registers[item] = Slot(ulong.MaxValue);
            }
        }
    }

    /// <summary>Declares a variable of memory, or a parameter.</summary>
    public void Declare(string name, long address) => variables[name] = address;

    /// <summary>The slot of an operand of an instruction on some type.</summary>
    public int Operand(string text, string type)
    {
        if (text == "_") return 0;
        if (Innermost.Find(text) is { } register) return register;
        if (text.StartsWith('%') || text == "WARP_SZ") return Special(text);
        if (variables.TryGetValue(text, out var address)) return Constant((ulong)address);
        if (text.IndexOf('+', 1) is var plus and > 0 && variables.TryGetValue(text[..plus].TrimEnd(), out address))
            return Constant((ulong)(address + Integer(text[(plus + 1)..].Trim())));
        return Constant(Immediate(text, type));
    }

    /// <summary>The base's slot and the offset of an address in square brackets.</summary>
    public (int Base, long Offset) Address(string text)
    {
        if (!text.StartsWith('[') || !text.EndsWith(']')) throw new PtxException($"{text} is no address");
        var inner = text[1..^1].Trim();
        var sign = inner.AsSpan(1).IndexOfAny('+', '-') + 1;
        return sign == 0
            ? (Operand(inner, "b64"), 0)
            : (Operand(inner[..sign].Trim(), "b64"), Integer(inner[(inner[sign] == '+' ? sign + 1 : sign)..].Trim()));
    }

    /// <summary>The slot of an immediate value.</summary>
    public int Constant(ulong bits)
    {
        if (!constants.TryGetValue(bits, out var slot)) constants.Add(bits, slot = Slot(bits));
        return slot;
    }

    /// <summary>An integer as PTX writes it.</summary>
    public static long Integer(string text)
    {
        var digits = text.Replace(" ", "", StringComparison.Ordinal).TrimEnd('U');
        var isNegative = digits.StartsWith('-');
        if (isNegative) digits = digits[1..];
        ulong value;
        var isThere = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(digits.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out value)
            : ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        if (!isThere) throw new PtxException($"{text} is neither a name nor a number");
        return isNegative ? -(long)value : (long)value;
    }

    private static ulong Immediate(string text, string type)
    {
        if (text.StartsWith("0f", StringComparison.OrdinalIgnoreCase)) return uint.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        if (text.StartsWith("0d", StringComparison.OrdinalIgnoreCase)) return ulong.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        if (!text.Contains('.', StringComparison.Ordinal)) return (ulong)Integer(text);
        var value = double.Parse(text, CultureInfo.InvariantCulture);
        return type == "f32" ? PtxBits.Bits((float)value) : PtxBits.Bits(value);
    }

    private int Special(string name)
    {
        if (!specials.TryGetValue(name, out var slot)) specials.Add(name, slot = Slot(ulong.MaxValue));
        return slot;
    }

    private int Slot(ulong bits)
    {
        registers.Add(bits);
        return registers.Count - 1;
    }

    /// <summary>What a pair of braces declares.</summary>
    public sealed class Scope(Scope? outer)
    {
        /// <summary>The slots of its registers.</summary>
        public Dictionary<string, int> Registers { get; } = [];

        /// <summary>The places of its labels.</summary>
        public Dictionary<string, int> Labels { get; } = [];

        /// <summary>The slot of a register seen from here.</summary>
        public int? Find(string name) => Registers.TryGetValue(name, out var slot) ? slot : outer?.Find(name);

        /// <summary>The place of a label seen from here.</summary>
        public int? FindLabel(string name) => Labels.TryGetValue(name, out var place) ? place : outer?.FindLabel(name);
    }
}
