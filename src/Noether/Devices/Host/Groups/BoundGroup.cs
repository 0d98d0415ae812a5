using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Noether.Graphs;
using Noether.Primitives;

namespace Noether.Devices.Host;

/// <summary>What the host keeps of one group: the code, shared with groups of equal structure, and its own constants.</summary>
internal sealed unsafe class BoundGroup
{
    /// <summary>Bytes of a constant, or of a uniform input: one vector's worth of repetitions.</summary>
    public const int Slot = 64;

    private readonly FusedGroup code;

    public BoundGroup(ElementwiseGroup group)
    {
        code = FusedGroup.Of(group);
        var found = new List<byte>();
        foreach (var instruction in group.Instructions)
        {
            if (instruction.Operation is not Constant { Value: var value }) continue;
            var bytes = Bytes(value, instruction.Type);
            for (var i = 0; i < Slot; i += bytes.Length) found.AddRange(bytes);
        }

        Constants = GC.AllocateUninitializedArray<byte>(found.Count, pinned: true); // parts are run from several threads
        found.CopyTo(Constants);
    }

    /// <summary>A slot for each constant, in the order of the instructions.</summary>
    public byte[] Constants { get; }

    public void Run(View[] x, View[] y, LoopPolicy policy)
    {
        fixed (byte* pinned = Constants) code.Run(pinned, x, y, policy);
    }

    public void Fold(View[] x, View y, Reduction reduction, (long Outer, long Reduced, long Inner) sizes, LoopPolicy policy)
    {
        fixed (byte* pinned = Constants) code.Fold(pinned, x, y, reduction, sizes, policy);
    }

    /// <summary>The group for a verb to run on each part of its result, or null if it must run on the whole: <see cref="FusedGroup.OverParts"/>.</summary>
    public IRegionBody? OverParts(View[] x, View[] y, View matrix, int width, LoopPolicy policy) =>
        code.OverParts((byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(Constants)), x, y, matrix, width, policy);

    /// <summary>Fills a slot with an element.</summary>
    public static void Repeat(byte* element, int bytes, byte* slot)
    {
        switch (bytes)
        {
            case 1: Vector512.Create(*element).Store(slot); break;
            case 2: Vector512.Create(*(ushort*)element).Store((ushort*)slot); break;
            case 4: Vector512.Create(*(uint*)element).Store((uint*)slot); break;
            default: Vector512.Create(*(ulong*)element).Store((ulong*)slot); break;
        }
    }

    private static byte[] Bytes(Scalar value, DType type) => type switch
    {
        DType.Bool => [value.ToDouble() != 0 ? (byte)1 : (byte)0],
        DType.Int32 => BitConverter.GetBytes((int)value.ToInt64()),
        DType.Int64 => BitConverter.GetBytes(value.ToInt64()),
        DType.BFloat16 => BitConverter.GetBytes(((BFloat16)(float)value.ToDouble()).Bits),
        DType.Float32 => BitConverter.GetBytes((float)value.ToDouble()),
        _ => BitConverter.GetBytes(value.ToDouble()),
    };
}
