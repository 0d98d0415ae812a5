using Noether.Primitives;

namespace Noether.Graphs;

/// <summary>
/// Gathers elementwise operations into groups. Input: operations in topological order. Output: steps in topological order.
/// </summary>
/// <remarks>
/// A group runs when its last operation, its sink, is due. An operation joins the group of its shape that is the first to consume it; if
/// others need the value too, later or as a result, the group stores it beside the sink's. If the first consumer is no such group, the
/// operation is the sink of a group of its own. So every value that leaves a group goes to what is due after it, and no cycle can arise.
/// Constants are copied into every group that reads them.
/// On a device that folds groups, one that only a fold reads becomes a part of it: the two are one step, due when the fold is.
/// </remarks>
internal static class Fusion
{
    // Keeps a group's registers within L1 on the host and its arguments within one launch on a GPU.
    private const int MaxInstructions = 64;
    private const int MaxInputs = 8;
    private const int MaxOutputs = 8;

    public static Step[] Fuse(List<Operation> operations, List<TensorType> values, int[] results, bool foldsGroups)
    {
        var producer = new int[values.Count];
        Array.Fill(producer, -1);
        var consumers = new List<int>[operations.Count];
        for (var i = 0; i < operations.Count; i++)
        {
            consumers[i] = [];
            foreach (var output in operations[i].Outputs) producer[output] = i;
            foreach (var input in operations[i].Inputs)
            {
                if (producer[input] >= 0) consumers[producer[input]].Add(i);
            }
        }

        var needed = new HashSet<int>(results);
        var groups = new Group?[operations.Count];
        var folded = new Group?[operations.Count]; // by the fold that reads it alone
        for (var i = operations.Count - 1; i >= 0; i--)
        {
            if (operations[i].Primitive is ElementwisePrimitive)
                groups[i] = Home(i);
        }

        var steps = new List<Step>();
        for (var i = 0; i < operations.Count; i++)
        {
            var operation = operations[i];
            if (folded[i] is { } source)
            {
                steps.Add(new(operation.Primitive, Build(source, operations, values, producer), [.. source.Inputs], operation.Outputs) { Places = Places([.. source.Members, i]) });
            }
            else if (groups[i] is not { } group)
            {
                // A constant that only groups read has been copied into them.
                if (operation.Primitive is Constant && !needed.Contains(operation.Outputs[0]) && consumers[i].TrueForAll(c => groups[c] is not null)) continue;
                steps.Add(operation.Primitive is ElementwisePrimitive
                    ? new(null, Build(new(i, i), operations, values, producer), [], operation.Outputs) { Places = Places([i]) }
                    : new(operation.Primitive, null, operation.Inputs, operation.Outputs) { Places = Places([i]) });
            }
            else if (group.Due == i)
            {
                steps.Add(new(null, Build(group, operations, values, producer), [.. group.Inputs], [operation.Outputs[0], .. group.Stored]) { Places = Places(group.Members) });
            }
        }

        return [.. steps];

        Group? Home(int i)
        {
            var operation = operations[i];
            if (operation.Primitive is Constant) return null;
            var value = operation.Outputs[0];
            var (first, candidate) = (int.MaxValue, (Group?)null);
            foreach (var consumer in consumers[i])
            {
                var due = groups[consumer]?.Due ?? consumer;
                if (due < first) (first, candidate) = (due, groups[consumer]);
            }

            if (candidate is not null && values[operations[candidate.Sink].Outputs[0]].Shape.Equals(values[value].Shape))
            {
                var leaves = needed.Contains(value) || !consumers[i].TrueForAll(c => groups[c] == candidate);
                var hasRoom = !leaves || (candidate.Due == candidate.Sink && candidate.Stored.Count + 1 < MaxOutputs);
                if (hasRoom && candidate.Join(i, operation, IsConstant))
                {
                    if (leaves) candidate.Stored.Add(value);
                    return candidate;
                }
            }

            var reader = foldsGroups && consumers[i].Count == 1 && !needed.Contains(value) && !Debug.CheckNumerics
                && Reductions.Of(operations[consumers[i][0]].Primitive) is not null ? consumers[i][0] : i;
            var own = new Group(i, reader);
            if (reader != i) folded[reader] = own;
            own.Join(i, operation, IsConstant);
            return own;
        }

        CodePlace[] Places(List<int> members) => [.. members.Select(m => operations[m].Place).OfType<CodePlace>().Distinct()];

        bool IsConstant(int value) => producer[value] >= 0 && operations[producer[value]].Primitive is Constant;
    }

    private static ElementwiseGroup Build(Group group, List<Operation> operations, List<TensorType> values, int[] producer)
    {
        var sink = operations[group.Sink].Outputs[0];
        var inputs = group.Inputs.ToArray();
        var registers = new Dictionary<int, int>();
        foreach (var input in inputs) registers[input] = registers.Count;
        var instructions = new List<Instruction>();
        group.Members.Sort();
        foreach (var member in group.Members.Count == 0 ? [group.Sink] : group.Members)
        {
            var operation = operations[member];
            foreach (var input in operation.Inputs)
            {
                if (registers.ContainsKey(input)) continue;
                registers[input] = inputs.Length + instructions.Count;
                instructions.Add(new(((Constant)operations[producer[input]].Primitive), [], values[input].DType));
            }

            registers[operation.Outputs[0]] = inputs.Length + instructions.Count;
            instructions.Add(new((ElementwisePrimitive)operation.Primitive, Array.ConvertAll(operation.Inputs, v => registers[v]), values[operation.Outputs[0]].DType));
        }

        return new(values[sink].Shape, Array.ConvertAll(inputs, v => values[v].DType), [.. instructions], [registers[sink], .. group.Stored.Select(v => registers[v])]);
    }

    private sealed class Group(int sink, int due)
    {
        public int Sink { get; } = sink;

        /// <summary>The operation in whose place the group runs: its sink, or the fold that it is a part of.</summary>
        public int Due { get; } = due;

        public List<int> Members { get; } = [];

        /// <summary>Values read from outside, in the order met.</summary>
        public List<int> Inputs { get; } = [];

        /// <summary>Members' values that are needed outside, beside the sink's.</summary>
        public List<int> Stored { get; } = [];

        /// <summary>Takes an operation in, whose value is then no longer an input but its operands are; false if the group would be too large.</summary>
        public bool Join(int index, Operation operation, Func<int, bool> isConstant)
        {
            if (Members.Count > 0 && (Members.Count >= MaxInstructions || Debug.CheckNumerics)) return false;
            var (before, inside) = (Inputs.Count, Inputs.IndexOf(operation.Outputs[0]));
            foreach (var operand in operation.Inputs)
            {
                if (!isConstant(operand) && !Inputs.Contains(operand)) Inputs.Add(operand);
            }

            if (Members.Count > 0 && Inputs.Count - (inside < 0 ? 0 : 1) > MaxInputs)
            {
                Inputs.RemoveRange(before, Inputs.Count - before);
                return false;
            }

            if (inside >= 0) Inputs.RemoveAt(inside);
            Members.Add(index);
            return true;
        }
    }
}
