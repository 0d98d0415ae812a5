using Noether.Graphs;
using Noether.Kernels;
using Noether.Kernels.Elementwise;
using Noether.Primitives;

namespace Noether.Devices.Ilgpu;

/// <summary>What a device keeps of a fused group: its kernels, one for each way in which the inputs have lain, and its constants' bits.</summary>
internal sealed class CompiledGroup(ElementwiseGroup group)
{
    private readonly List<(InputAccess[] Accesses, ElementwiseKernel Kernel)> kernels = [];

    /// <summary>The constants, in the order of the instructions, as launches take them.</summary>
    public long[] Numbers { get; } = [.. from instruction in @group.Instructions where instruction.Operation is Constant select Bits(instruction)];

    /// <summary>The kernel for inputs that lie so.</summary>
    public ElementwiseKernel Kernel(KernelCache cache, InputAccess[] accesses)
    {
        foreach (var known in kernels)
        {
            if (known.Accesses.AsSpan().SequenceEqual(accesses)) return known.Kernel;
        }

        var kernel = cache.Get(LaneTranslator.Translate(group, accesses));
        kernels.Add((accesses, kernel));
        return kernel;
    }

    private static long Bits(Instruction instruction)
    {
        var value = ((Constant)instruction.Operation).Value;
        return instruction.Type.IsInteger() ? value.ToInt64() : ElementwiseKernel.Bits((ElementType)instruction.Type, value.ToDouble());
    }
}
