using System.Globalization;

namespace Noether.Kernels.Tests;

/// <summary>Reads instructions: their kind from the opcode, slots from the operands.</summary>
internal static class PtxDecoder
{
    /// <summary>Fills in an instruction.</summary>
    /// <exception cref="PtxException">The machine does not know the opcode.</exception>
    public static void Decode(PtxInstruction x, string opcode, string[] operands, PtxSymbols symbols)
    {
        var parts = opcode.Split('.');
        var isKnown = parts[0] switch
        {
            "ld" or "st" => Memory(x, parts, operands, symbols),
            "atom" or "red" => Atomic(x, parts, operands, symbols),
            "ret" or "exit" => Set(x, PtxKind.Exit),
            "membar" or "fence" => Set(x, PtxKind.Nothing),
            "bar" or "barrier" => Barrier(x, opcode, operands, symbols),
            "shfl" or "vote" => Warp(x, parts, operands, symbols),
            "cp" => Copy(x, opcode, operands, symbols),
            "ldmatrix" => Matrix(x, parts, operands, symbols),
            "mma" => Multiply(x, opcode, operands, symbols),
            "mov" when operands is [['{', ..], _] => Unpack(x, parts, operands, symbols),
            "mov" when operands is [_, ['{', ..]] => Pack(x, parts, operands, symbols),
            "setp" => Compare(x, parts, operands, symbols),
            _ => Compute(x, opcode, operands, symbols),
        };
        if (!isKnown) throw new PtxException($"{opcode} with {operands.Length} operands is not known to this machine");
    }

    private static bool Set(PtxInstruction x, PtxKind kind)
    {
        x.Kind = kind;
        return true;
    }

    private static bool Compute(PtxInstruction x, string opcode, string[] operands, PtxSymbols symbols)
    {
        if (opcode == "mov.u32" || opcode == "mov.u64") opcode = opcode.Replace(".u", ".b", StringComparison.Ordinal);
        x.Function = PtxArithmetic.Of(opcode);
        if (x.Function is null || operands.Length is < 2 or > 4) return false;
        var type = opcode[(opcode.LastIndexOf('.') + 1)..];
        x.D = symbols.Operand(operands[0], type);
        x.A = symbols.Operand(operands[1], type);
        if (operands.Length > 2) x.B = symbols.Operand(operands[2], type);
        if (operands.Length > 3) x.C = symbols.Operand(operands[3], type);
        return Set(x, PtxKind.Compute);
    }

    // setp.compare{.boolean}.type p{|q}, a, b{, {!}c}
    private static bool Compare(PtxInstruction x, string[] parts, string[] operands, PtxSymbols symbols)
    {
        if (PtxArithmetic.Of($"setp.{parts[1]}.{parts[^1]}") is not { } compare || operands.Length != parts.Length || parts.Length is not (3 or 4)) return false;
        var destinations = operands[0].Split('|', StringSplitOptions.TrimEntries);
        x.Destinations = [.. destinations.Select(name => symbols.Operand(name, "pred"))];
        x.D = x.Destinations[0];
        x.A = symbols.Operand(operands[1], parts[^1]);
        x.B = symbols.Operand(operands[2], parts[^1]);
        x.Function = compare;
        if (parts.Length == 3) return destinations.Length == 1 && Set(x, PtxKind.Compute);
        if (PtxArithmetic.Of($"{parts[2]}.pred") is not { } join) return false;
        var turned = operands[3].StartsWith('!') ? 1UL : 0;
        x.C = symbols.Operand(operands[3].TrimStart('!'), "pred");
        x.Function = (a, b, c) => join(compare(a, b, 0), c ^ turned, 0);
        if (destinations.Length == 1) return Set(x, PtxKind.Compute);
        x.Opposite = (a, b, c) => join(compare(a, b, 0) ^ 1, c ^ turned, 0);
        return Set(x, PtxKind.Compare);
    }

    private static bool Unpack(PtxInstruction x, string[] parts, string[] operands, PtxSymbols symbols)
    {
        x.Destinations = Vector(operands[0], symbols, parts[^1]);
        x.A = symbols.Operand(operands[1], parts[^1]);
        x.Size = Bytes(parts[^1]) / x.Destinations.Length;
        return Set(x, PtxKind.Unpack);
    }

    private static bool Pack(PtxInstruction x, string[] parts, string[] operands, PtxSymbols symbols)
    {
        x.D = symbols.Operand(operands[0], parts[^1]);
        x.Sources = Vector(operands[1], symbols, parts[^1]);
        x.Size = Bytes(parts[^1]) / x.Sources.Length;
        return Set(x, PtxKind.Pack);
    }

    // Hints of caches and the order among threads say nothing to a machine that does one access after the other.
    private static bool Memory(PtxInstruction x, string[] parts, string[] operands, PtxSymbols symbols)
    {
        var isLoad = parts[0] == "ld";
        var type = parts[^1];
        var count = parts.Contains("v4") ? 4 : parts.Contains("v2") ? 2 : 1;
        var slots = Vector(operands[isLoad ? 0 : 1], symbols, type);
        if (operands.Length != 2 || slots.Length != count || Space(parts) is not { } space) return false;
        (x.A, x.Offset) = symbols.Address(operands[isLoad ? 1 : 0]);
        (x.Space, x.Size) = (space, Bytes(type));
        if (isLoad) x.Destinations = slots;
        else x.Sources = slots;
        if (isLoad) x.Function = PtxConversion.Extend(type.Replace('f', 'b'));
        return Set(x, isLoad ? PtxKind.Load : PtxKind.Store);
    }

    private static bool Atomic(PtxInstruction x, string[] parts, string[] operands, PtxSymbols symbols)
    {
        var isReduction = parts[0] == "red";
        var (operation, type) = (parts[^2] == "global" ? parts[^3] : parts[^2], parts[^1]); // ILGPU says red.add.global, and ptxas takes it
        var first = isReduction ? 0 : 1;
        if (operands.Length < first + 2 || Space(parts) is not { } space) return false;
        x.Destinations = isReduction ? [0] : [symbols.Operand(operands[0], type)];
        (x.A, x.Offset) = symbols.Address(operands[first]);
        x.B = symbols.Operand(operands[first + 1], type);
        if (operands.Length > first + 2) x.C = symbols.Operand(operands[first + 2], type);
        (x.Space, x.Size) = (space, Bytes(type));
        x.Function = operation switch
        {
            "exch" => static (_, b, _) => b,
            "cas" => Bytes(type) == 4 ? static (a, b, c) => (uint)a == (uint)b ? c : a : static (a, b, c) => a == b ? c : a,
            _ => PtxArithmetic.Of($"{operation}.{type}"),
        };
        return x.Function is not null && Set(x, PtxKind.Atomic);
    }

    private static bool Barrier(PtxInstruction x, string opcode, string[] operands, PtxSymbols symbols)
    {
        if (opcode == "bar.warp.sync") return Collective(x, PtxKind.JoinWarp, symbols.Operand(operands[0], "b32"));
        return opcode is "bar.sync" or "barrier.sync" or "barrier.sync.aligned" && operands is ["0"] && Set(x, PtxKind.Barrier);
    }

    // shfl.sync.mode.b32 d{|p}, a, b, c, mask; vote.sync.mode.type d, {!}a, mask
    private static bool Warp(PtxInstruction x, string[] parts, string[] operands, PtxSymbols symbols)
    {
        if (parts is not [var name, "sync", var mode, _]) return false;
        x.Mode = mode;
        x.Destinations = [.. operands[0].Split('|', StringSplitOptions.TrimEntries).Select(destination => symbols.Operand(destination, "b32"))];
        if (name == "shfl" && operands.Length == 5 && mode is "up" or "down" or "bfly" or "idx")
        {
            (x.A, x.B, x.C) = (symbols.Operand(operands[1], "b32"), symbols.Operand(operands[2], "b32"), symbols.Operand(operands[3], "b32"));
            return Collective(x, PtxKind.Shuffle, symbols.Operand(operands[4], "b32"));
        }

        if (name != "vote" || operands.Length != 3 || mode is not ("all" or "any" or "uni" or "ballot")) return false;
        x.A = symbols.Operand(operands[1].TrimStart('!'), "pred");
        x.Offset = operands[1].StartsWith('!') ? 1 : 0;
        return Collective(x, PtxKind.Vote, symbols.Operand(operands[2], "b32"));
    }

    // cp.async.{ca|cg}.shared.global [to], [from], bytes{, bytes that are there}
    private static bool Copy(PtxInstruction x, string opcode, string[] operands, PtxSymbols symbols)
    {
        if (opcode == "cp.async.commit_group") return Set(x, PtxKind.CommitCopies);
        if (opcode is "cp.async.wait_all" or "cp.async.wait_group")
        {
            x.Offset = opcode.EndsWith("all", StringComparison.Ordinal) ? -1 : PtxSymbols.Integer(operands[0]);
            return Set(x, PtxKind.WaitCopies);
        }

        var isForL2 = opcode.StartsWith("cp.async.cg.shared.global", StringComparison.Ordinal);
        if (!isForL2 && !opcode.StartsWith("cp.async.ca.shared.global", StringComparison.Ordinal) || operands.Length is not (3 or 4)) return false;
        (x.A, x.Offset) = symbols.Address(operands[0]);
        (x.B, x.FromOffset) = symbols.Address(operands[1]);
        x.Size = (int)PtxSymbols.Integer(operands[2]);
        x.C = symbols.Operand(operands.Length == 4 ? operands[3] : operands[2], "b32");
        return (x.Size == 16 || !isForL2 && x.Size is 4 or 8) && Set(x, PtxKind.CopyAsync);
    }

    private static bool Matrix(PtxInstruction x, string[] parts, string[] operands, PtxSymbols symbols)
    {
        if (parts is not ["ldmatrix", "sync", "aligned", "m8n8", ['x', var digit], .., "b16"] || Space(parts) is not PtxSpace.Shared) return false;
        x.Destinations = Vector(operands[0], symbols, "b32");
        (x.A, x.Offset) = symbols.Address(operands[1]);
        x.Mode = parts.Contains("trans") ? "trans" : "";
        return x.Destinations.Length == digit - '0' && Collective(x, PtxKind.LoadMatrix, symbols.Constant(uint.MaxValue));
    }

    private static bool Multiply(PtxInstruction x, string opcode, string[] operands, PtxSymbols symbols)
    {
        const string Start = "mma.sync.aligned.";
        if (!opcode.StartsWith(Start, StringComparison.Ordinal) || operands.Length != 4) return false;
        x.Mode = opcode[Start.Length..];
        var sources = operands.Select(operand => Vector(operand, symbols, "b32")).ToArray();
        (x.Destinations, x.Sources) = (sources[0], [.. sources[1], .. sources[2], .. sources[3]]);
        return PtxTensorCore.Takes(x.Mode, [.. sources.Select(vector => vector.Length)]) && Collective(x, PtxKind.Multiply, symbols.Constant(uint.MaxValue));
    }

    private static bool Collective(PtxInstruction x, PtxKind kind, int mask)
    {
        x.Mask = mask;
        return Set(x, kind);
    }

    private static PtxSpace? Space(string[] parts) => parts switch
    {
        _ when parts.Contains("global") => PtxSpace.Global,
        _ when parts.Contains("shared") => PtxSpace.Shared,
        _ when parts.Contains("param") => PtxSpace.Parameter,
        _ when parts.Contains("local") => PtxSpace.Local,
        _ when parts.Contains("const") => null,
        _ => PtxSpace.Generic,
    };

    private static int[] Vector(string text, PtxSymbols symbols, string type) => text.StartsWith('{')
        ? [.. text[1..^1].Split(',', StringSplitOptions.TrimEntries).Select(name => symbols.Operand(name, type))]
        : [symbols.Operand(text, type)];

    private static int Bytes(string type) => int.Parse(type.AsSpan(1), CultureInfo.InvariantCulture) / 8;
}
