using System.Numerics;
using Noether.Graphs;
using Noether.Kernels;
using Noether.Kernels.Elementwise;
using Noether.Kernels.MatMul;
using Noether.Primitives;

namespace Noether.Devices.Ilgpu;

/// <summary>What a device keeps of a fused group: its kernels, one for each way in which the inputs have lain, and its constants' bits.</summary>
internal sealed class CompiledGroup(ElementwiseGroup group)
{
    private readonly List<(InputAccess[] Accesses, ElementwiseKernel Kernel)> kernels = [];
    private readonly List<(InputAccess[] Accesses, int[] Kept, object? Epilogue)> epilogues = [];

    /// <summary>What the device keeps of a group, made at its first run.</summary>
    public static CompiledGroup Of(ElementwiseGroup group) => (CompiledGroup)(group.Compiled ??= new CompiledGroup(group));

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

    /// <summary>The group as an epilogue of products, which stores some of the products behind its outputs; null if it is better run by itself.</summary>
    /// <param name="cache">The device's kernels.</param>
    /// <param name="accesses">How the inputs lie, products among them.</param>
    /// <param name="kept">The inputs that are products others read too.</param>
    public ProductEpilogue<T>? Epilogue<T>(KernelCache cache, InputAccess[] accesses, int[] kept)
        where T : unmanaged, INumber<T>
    {
        foreach (var known in epilogues)
        {
            if (known.Accesses.AsSpan().SequenceEqual(accesses) && known.Kept.AsSpan().SequenceEqual(kept)) return (ProductEpilogue<T>?)known.Epilogue;
        }

        var program = LaneTranslator.Translate(group, accesses, kept);
        var epilogue = ProductEpilogue<T>.Suits(program) ? cache.GetEpilogue<T>(program) : null;
        epilogues.Add((accesses, kept, epilogue));
        return epilogue;
    }

    private static long Bits(Instruction instruction)
    {
        var value = ((Constant)instruction.Operation).Value;
        return instruction.Type.IsInteger() ? value.ToInt64() : ElementwiseKernel.Bits((ElementType)instruction.Type, value.ToDouble());
    }
}
