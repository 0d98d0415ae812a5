namespace Noether.Kernels.Tests;

/// <summary>A thread: it runs until it ends or waits for others.</summary>
internal sealed class PtxThread(PtxProgram program, PtxGroup group, int index)
{
    private const int MaxBackwardBranches = 10_000_000;

    private readonly ulong[] registers = new ulong[program.Registers.Length];
    private readonly byte[] local = new byte[program.LocalBytes];
    private readonly Queue<List<Copy>> committed = [];
    private List<Copy> copies = []; // since the last commit
    private int branches;

    /// <summary>Its number in the group.</summary>
    public int Index { get; } = index;

    /// <summary>Its registers.</summary>
    public ulong[] Registers => registers;

    /// <summary>The instruction that it is at.</summary>
    public int Place { get; set; }

    /// <summary>True after its end.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The instruction that it is at.</summary>
    public PtxInstruction Instruction => program.Code[Place];

    /// <summary>Begins anew.</summary>
    public void Start()
    {
        program.Registers.CopyTo(registers, 0);
        foreach (var (name, slot) in program.Specials) registers[slot] = group.Special(name, Index);
        local.AsSpan().Fill(0xFF);
        committed.Clear();
        copies = [];
        (Place, HasEnded, branches) = (0, false, 0);
    }

    /// <summary>Runs until it ends or waits.</summary>
    /// <exception cref="PtxException">It does what it must not.</exception>
    public void Run()
    {
        try
        {
            Advance();
        }
        catch (PtxException error)
        {
            throw group.Failure(this, error);
        }
    }

    private void Advance()
    {
        var code = program.Code;
        var r = registers;
        while (true)
        {
            var x = code[Place];
            if (x.Guard >= 0 && (r[x.Guard] != 0) != x.GuardedBy)
            {
                Place++;
                continue;
            }

            switch (x.Kind)
            {
                case PtxKind.Compute:
                    r[x.D] = x.Function!(r[x.A], r[x.B], r[x.C]);
                    break;
                case PtxKind.Branch:
                    if (x.Target <= Place && ++branches > MaxBackwardBranches) throw new PtxException("a loop does not end");
                    Place = x.Target;
                    continue;
                case PtxKind.Load:
                    Load(x);
                    break;
                case PtxKind.Store:
                    Store(x);
                    break;
                case PtxKind.Exit:
                    HasEnded = true;
                    return;
                case >= PtxKind.Barrier:
                    return;
                default:
                    Other(x);
                    break;
            }

            Place++;
        }
    }

    private void Other(PtxInstruction x)
    {
        var r = registers;
        switch (x.Kind)
        {
            case PtxKind.Compare:
                (r[x.Destinations[0]], r[x.Destinations[1]]) = (x.Function!(r[x.A], r[x.B], r[x.C]), x.Opposite!(r[x.A], r[x.B], r[x.C]));
                break;
            case PtxKind.Pack:
                ulong packed = 0;
                for (var i = 0; i < x.Sources.Length; i++) packed |= Cut(r[x.Sources[i]], x.Size) << 8 * x.Size * i;
                r[x.D] = packed;
                break;
            case PtxKind.Unpack:
                var whole = r[x.A];
                for (var i = 0; i < x.Destinations.Length; i++) r[x.Destinations[i]] = Cut(whole >> 8 * x.Size * i, x.Size);
                break;
            case PtxKind.Atomic:
                var old = Value(Bytes(x, x.Size, isWritten: false));
                Put(Bytes(x, x.Size, isWritten: true), x.Function!(old, r[x.B], r[x.C]));
                r[x.Destinations[0]] = old;
                break;
            case PtxKind.CopyAsync:
                BeginCopy(x);
                break;
            case PtxKind.CommitCopies:
                committed.Enqueue(copies);
                copies = [];
                break;
            case PtxKind.WaitCopies:
                while (committed.Count > Math.Max(0, x.Offset)) End(committed.Dequeue());
                if (x.Offset < 0) End(copies);
                break;
        }
    }

    private void Load(PtxInstruction x)
    {
        var bytes = Bytes(x, x.Size * x.Destinations.Length, isWritten: false);
        for (var i = 0; i < x.Destinations.Length; i++) registers[x.Destinations[i]] = x.Function!(Value(bytes.Slice(i * x.Size, x.Size)), 0, 0);
    }

    private void Store(PtxInstruction x)
    {
        var bytes = Bytes(x, x.Size * x.Sources.Length, isWritten: true);
        for (var i = 0; i < x.Sources.Length; i++) Put(bytes.Slice(i * x.Size, x.Size), registers[x.Sources[i]]);
    }

    private void BeginCopy(PtxInstruction x)
    {
        var (to, from) = ((long)(uint)registers[x.A] + x.Offset, (long)registers[x.B] + x.FromOffset);
        var there = (int)registers[x.C];
        if (to % x.Size != 0 || from % x.Size != 0) throw new PtxException($"a copy of {x.Size} bytes from 0x{from:X} to 0x{to:X} is not aligned");
        if (there < 0 || there > x.Size) throw new PtxException($"a copy of {there} of {x.Size} bytes");
        var values = new byte[x.Size];
        if (there > 0) group.Memory.At(from, there).CopyTo(values);
        group.Shared.BeginCopy(to, x.Size, Index);
        copies.Add(new(to, values));
    }

    private void End(List<Copy> landing)
    {
        foreach (var copy in landing) group.Shared.EndCopy(copy.To, copy.Values, Index);
        landing.Clear();
    }

    private Span<byte> Bytes(PtxInstruction x, int count, bool isWritten)
    {
        var space = x.Space;
        var address = (space == PtxSpace.Shared ? (uint)registers[x.A] : (long)registers[x.A]) + x.Offset; // a shared address may be of 32 bits
        if (space == PtxSpace.Generic)
        {
            var windows = (ulong)address & (PtxAddress.SharedWindow | PtxAddress.LocalWindow);
            space = windows == 0 ? PtxSpace.Global : windows == PtxAddress.SharedWindow ? PtxSpace.Shared : PtxSpace.Local;
            address ^= (long)windows;
        }

        if ((address & (count - 1)) != 0) throw new PtxException($"{count} bytes at 0x{address:X}, which is no multiple");
        switch (space)
        {
            case PtxSpace.Global:
                return group.Memory.At(address, count);
            case PtxSpace.Shared:
                return isWritten ? group.Shared.Write(address, count, Index) : group.Shared.Read(address, count, Index);
            case PtxSpace.Local:
                return Slice(local, address - PtxAddress.Local, count, "local memory");
            default:
                return Slice(group.Parameters, address, count, "parameters");
        }
    }

    private static Span<byte> Slice(byte[] bytes, long start, int count, string name) => start >= 0 && start + count <= bytes.Length
        ? bytes.AsSpan((int)start, count)
        : throw new PtxException($"{count} bytes of {name} at {start} of {bytes.Length}");

    private static ulong Cut(ulong bits, int size) => size == 8 ? bits : bits & ((1UL << 8 * size) - 1);

    private static ulong Value(Span<byte> bytes) => bytes.Length switch
    {
        8 => BitConverter.ToUInt64(bytes),
        4 => BitConverter.ToUInt32(bytes),
        2 => BitConverter.ToUInt16(bytes),
        _ => bytes[0],
    };

    private static void Put(Span<byte> bytes, ulong value)
    {
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)(value >> 8 * i);
    }

    private sealed record Copy(long To, byte[] Values);
}
