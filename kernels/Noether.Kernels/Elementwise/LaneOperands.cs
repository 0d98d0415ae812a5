using ILGPU;
using Noether.Kernels.Copies;

namespace Noether.Kernels.Elementwise;

/// <summary>What a program expects of the operands of a launch.</summary>
internal sealed class LaneOperands(LaneProgram program)
{
    private readonly int numbers = program.Numbers;

    /// <summary>How each input lies.</summary>
    public InputAccess[] Inputs { get; } = [.. program.Inputs.Select(input => input.Access)];

    /// <summary>The bytes to which each input is aligned if four of its elements move at once.</summary>
    public int[] InputAlignments { get; } = [.. program.Inputs.Select(input => FourAccess.Alignment(input.Type))];

    /// <summary>The same of each output.</summary>
    public int[] OutputAlignments { get; } = [.. program.Outputs.Select(output => FourAccess.Alignment(program.TypeOf(output)))];

    /// <summary>Inputs that have an index map.</summary>
    public int Maps { get; } = program.Inputs.Count(input => ElementwiseEmitter.HasMap(input.Access));

    /// <summary>Throws unless there are as many of each as the program has.</summary>
    /// <exception cref="ArgumentException">There are not.</exception>
    public void Check(ReadOnlySpan<ArrayView<byte>> inputs, ReadOnlySpan<IndexMap> maps, ReadOnlySpan<ArrayView<byte>> outputs, ReadOnlySpan<long> numbers)
    {
        if (inputs.Length == Inputs.Length && maps.Length == Maps && outputs.Length == OutputAlignments.Length && numbers.Length == this.numbers) return;
        throw new ArgumentException(
            $"ElementwiseKernel: takes {Inputs.Length} inputs, {Maps} maps, {OutputAlignments.Length} outputs, {this.numbers} numbers; " +
            $"got {inputs.Length}, {maps.Length}, {outputs.Length}, {numbers.Length}");
    }

    /// <summary>True if maps over a traversal of so many elements fit in 32 bits.</summary>
    public static bool AreNarrow(ReadOnlySpan<IndexMap> maps, long count)
    {
        foreach (ref readonly var map in maps)
        {
            if (!map.TryNarrow(count, out _)) return false;
        }

        return true;
    }

    /// <summary>True if four elements of each contiguous operand may move at once.</summary>
    /// <exception cref="ArgumentException">An input of runs is not aligned.</exception>
    public bool AreAligned(ReadOnlySpan<ArrayView<byte>> inputs, ReadOnlySpan<ArrayView<byte>> outputs)
    {
        var areAligned = true;
        for (var i = 0; i < inputs.Length; i++)
        {
            if (Inputs[i] is not (InputAccess.Contiguous or InputAccess.Runs) || Grids.IsAligned(inputs[i], InputAlignments[i])) continue;
            if (Inputs[i] == InputAccess.Runs)
                throw new ArgumentException($"ElementwiseKernel: input {i} of runs does not begin at a multiple of {InputAlignments[i]} bytes");
            areAligned = false;
        }

        for (var i = 0; i < outputs.Length; i++) areAligned &= Grids.IsAligned(outputs[i], OutputAlignments[i]);
        return areAligned;
    }
}
