using Noether.Devices;
using Noether.Primitives;

namespace Noether.Graphs;

/// <summary>One operation of a group: it reads registers and writes its own.</summary>
/// <param name="Operation">What is computed.</param>
/// <param name="Arguments">The registers read.</param>
/// <param name="Type">The element type of the result.</param>
internal readonly record struct Instruction(ElementwisePrimitive Operation, int[] Arguments, DType Type);

/// <summary>
/// A straight-line program over the elements of one shape: what the plan fuses and a device runs in one pass.
/// </summary>
/// <remarks>
/// Registers 0 … inputs-1 hold the inputs' elements; instruction i writes register inputs + i. Invariant: an instruction reads only
/// lower registers, and every instruction is read by a later one or is an output.
/// </remarks>
internal sealed class ElementwiseGroup(Shape shape, DType[] inputs, Instruction[] instructions, int[] outputs)
{
    public Shape Shape { get; } = shape;

    public DType[] Inputs { get; } = inputs;

    public Instruction[] Instructions { get; } = instructions;

    /// <summary>The registers that are stored, in the order of the outputs.</summary>
    public int[] Outputs { get; } = outputs;

    /// <summary>What the device made of the group at its first run.</summary>
    public object? Compiled { get; set; }

    public DType TypeOf(int register) => register < Inputs.Length ? Inputs[register] : Instructions[register - Inputs.Length].Type;

    /// <summary>True if no instruction after the one that gives the output reads the input: the output may take its place.</summary>
    public bool IsReadBefore(int input, int output)
    {
        if (Array.IndexOf(Outputs, input) >= 0) return false;
        for (var i = Math.Max(0, Outputs[output] - Inputs.Length + 1); i < Instructions.Length; i++)
        {
            if (Array.IndexOf(Instructions[i].Arguments, input) >= 0) return false;
        }

        return true;
    }

    /// <summary>True if the other group does the same to each element, over another shape it may be.</summary>
    public bool ComputesAs(ElementwiseGroup other)
    {
        if (this == other) return true;
        if (Instructions.Length != other.Instructions.Length || !Inputs.AsSpan().SequenceEqual(other.Inputs) || !Outputs.AsSpan().SequenceEqual(other.Outputs)) return false;
        for (var i = 0; i < Instructions.Length; i++)
        {
            var (own, its) = (Instructions[i], other.Instructions[i]);
            if (own.Type != its.Type || !own.Arguments.AsSpan().SequenceEqual(its.Arguments)) return false;
            var isSame = own.Operation is Constant number ? its.Operation is Constant known && number.Value.Equals(known.Value) : own.Operation.Equals(its.Operation);
            if (!isSame) return false;
        }

        return true;
    }

    /// <summary>A group of one operation.</summary>
    public static ElementwiseGroup Of(ElementwisePrimitive operation, View[] x, View y) =>
        new(y.Shape, Array.ConvertAll(x, static v => v.Type), [new(operation, [.. Enumerable.Range(0, x.Length)], y.Type)], [x.Length]);

    /// <summary>For example <c>Multiply(%0, %1) → Add(%2, %0)</c>.</summary>
    public override string ToString() =>
        string.Join(" → ", Instructions.Select(i => $"{i.Operation.Name}({string.Join(", ", i.Arguments.Select(a => $"%{a}"))})"));
}
