using Noether.Graphs;

namespace Noether.Devices.Host;

/// <summary>What decides a group's code: operations, element types and registers, but neither sizes nor constants.</summary>
internal readonly struct GroupStructure : IEquatable<GroupStructure>
{
    private readonly nint[] words;
    private readonly int hash;

    public GroupStructure(ElementwiseGroup group)
    {
        var length = 2 + group.Inputs.Length + group.Outputs.Length;
        foreach (var instruction in group.Instructions) length += 2 + instruction.Arguments.Length;
        words = new nint[length];
        var at = 0;
        words[at++] = group.Inputs.Length;
        words[at++] = group.Instructions.Length;
        foreach (var input in group.Inputs) words[at++] = (nint)input;
        foreach (var instruction in group.Instructions)
        {
            words[at++] = instruction.Operation.GetType().TypeHandle.Value;
            words[at++] = (nint)instruction.Type;
            foreach (var argument in instruction.Arguments) words[at++] = argument;
        }

        foreach (var output in group.Outputs) words[at++] = output;
        var code = new HashCode();
        foreach (var word in words) code.Add(word);
        hash = code.ToHashCode();
    }

    public bool Equals(GroupStructure other) => hash == other.hash && words.AsSpan().SequenceEqual(other.words);

    public override bool Equals(object? obj) => obj is GroupStructure other && Equals(other);

    public override int GetHashCode() => hash;
}
