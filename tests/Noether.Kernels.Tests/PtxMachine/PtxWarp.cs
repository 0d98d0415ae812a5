namespace Noether.Kernels.Tests;

/// <summary>What lanes of a warp do together.</summary>
internal static class PtxWarp
{
    private const ulong Unknown = uint.MaxValue; // what a lane reads of one that is not there

    /// <summary>Executes an instruction for the lanes of a mask.</summary>
    public static void Execute(PtxInstruction x, Span<PtxThread> lanes, uint mask, PtxShared shared)
    {
        switch (x.Kind)
        {
            case PtxKind.Shuffle:
                Shuffle(x, lanes, mask);
                break;
            case PtxKind.Vote:
                Vote(x, lanes, mask);
                break;
            case PtxKind.LoadMatrix:
                LoadMatrix(x, Whole(lanes), shared);
                break;
            case PtxKind.Multiply:
                PtxTensorCore.Multiply(x, Whole(lanes));
                break;
        }
    }

    private static Span<PtxThread> Whole(Span<PtxThread> lanes) => lanes.Length == 32 ? lanes : throw new PtxException($"a warp of {lanes.Length} threads");

    private static void Shuffle(PtxInstruction x, Span<PtxThread> lanes, uint mask)
    {
        Span<ulong> values = stackalloc ulong[32];
        values.Fill(Unknown);
        for (var i = 0; i < lanes.Length; i++)
        {
            if ((mask >> i & 1) != 0) values[i] = (uint)lanes[i].Registers[x.A];
        }

        for (var i = 0; i < lanes.Length; i++)
        {
            if ((mask >> i & 1) == 0) continue;
            var r = lanes[i].Registers;
            int step = (int)r[x.B] & 31, clamp = (int)r[x.C] & 31, segment = (int)r[x.C] >> 8 & 31;
            var last = i & segment | clamp & ~segment;
            var (from, isWithin) = x.Mode switch
            {
                "up" => (i - step, i - step >= last),
                "down" => (i + step, i + step <= last),
                "bfly" => (i ^ step, (i ^ step) <= last),
                _ => (i & segment | step & ~segment, (i & segment | step & ~segment) <= last),
            };
            r[x.Destinations[0]] = values[isWithin ? from : i];
            if (x.Destinations.Length > 1) r[x.Destinations[1]] = PtxBits.Bits(isWithin);
        }
    }

    private static void Vote(PtxInstruction x, Span<PtxThread> lanes, uint mask)
    {
        uint ballot = 0;
        for (var i = 0; i < lanes.Length; i++)
        {
            if ((mask >> i & 1) != 0 && (lanes[i].Registers[x.A] ^ (ulong)x.Offset) != 0) ballot |= 1u << i;
        }

        var present = lanes.Length == 32 ? mask : mask & (1u << lanes.Length) - 1;
        var result = x.Mode switch
        {
            "ballot" => ballot,
            "any" => PtxBits.Bits(ballot != 0),
            "all" => PtxBits.Bits(ballot == present),
            _ => PtxBits.Bits(ballot == 0 || ballot == present),
        };
        for (var i = 0; i < lanes.Length; i++)
        {
            if ((mask >> i & 1) != 0) lanes[i].Registers[x.Destinations[0]] = result;
        }
    }

    // Matrix m of 8 x 8 halves of words has its rows where lanes 8m to 8m + 7 say; lane t gets the pair (t / 4; 2(t mod 4), + 1), or that of the transpose.
    private static void LoadMatrix(PtxInstruction x, Span<PtxThread> lanes, PtxShared shared)
    {
        var matrix = new ushort[8, 8];
        var results = new ulong[lanes.Length, x.Destinations.Length];
        for (var m = 0; m < x.Destinations.Length; m++)
        {
            for (var row = 0; row < 8; row++)
            {
                var lane = lanes[8 * m + row];
                var address = (uint)lane.Registers[x.A] + x.Offset;
                if (address % 16 != 0) throw new PtxException($"the row of lane {8 * m + row} begins at 0x{address:X}, which is no multiple of 16");
                var bytes = shared.Read(address, 16, lane.Index);
                for (var column = 0; column < 8; column++) matrix[row, column] = BitConverter.ToUInt16(bytes[(2 * column)..]);
            }

            for (var t = 0; t < lanes.Length; t++)
            {
                var (row, column) = (t / 4, 2 * (t % 4));
                results[t, m] = x.Mode == "trans"
                    ? matrix[column, row] | (ulong)matrix[column + 1, row] << 16
                    : matrix[row, column] | (ulong)matrix[row, column + 1] << 16;
            }
        }

        for (var t = 0; t < lanes.Length; t++) // addresses are read before anything is written
        {
            for (var m = 0; m < x.Destinations.Length; m++) lanes[t].Registers[x.Destinations[m]] = results[t, m];
        }
    }
}
