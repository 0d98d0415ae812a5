using Noether.Primitives;

namespace Noether.Graphs;

/// <summary>
/// Gathers elementwise operations into groups. Input: operations in topological order. Output: steps in topological order.
/// </summary>
/// <remarks>
/// An operation joins the group of its consumers if they are all in one group of its shape and nobody else needs its value; otherwise it
/// ends a group of its own. So each group has one sink, its other members are used only inside, and no cycle can arise. Constants are
/// copied into every group that reads them.
/// </remarks>
internal static class Fusion
{
    // Keeps a group's registers within L1 on the host and its arguments within one launch on a GPU.
    private const int MaxInstructions = 64;
    private const int MaxInputs = 8;

    public static Step[] Fuse(List<Operation> operations, List<TensorType> values, int[] results)
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
        for (var i = operations.Count - 1; i >= 0; i--)
        {
            if (operations[i].Primitive is ElementwisePrimitive)
                groups[i] = Home(i);
        }

        var steps = new List<Step>();
        for (var i = 0; i < operations.Count; i++)
        {
            var operation = operations[i];
            if (groups[i] is not { } group)
            {
                // A constant that only groups read has been copied into them.
                if (operation.Primitive is Constant && !needed.Contains(operation.Outputs[0]) && consumers[i].TrueForAll(c => groups[c] is not null)) continue;
                steps.Add(operation.Primitive is ElementwisePrimitive
                    ? new(null, Build(new(i), operations, values, producer), [], operation.Outputs)
                    : new(operation.Primitive, null, operation.Inputs, operation.Outputs));
            }
            else if (group.Sink == i)
            {
                steps.Add(new(null, Build(group, operations, values, producer), [.. group.Inputs], operation.Outputs));
            }
        }

        return [.. steps];

        Group? Home(int i)
        {
            var operation = operations[i];
            if (operation.Primitive is Constant) return null;
            var shape = values[operation.Outputs[0]].Shape;
            if (consumers[i].Count > 0 && !needed.Contains(operation.Outputs[0])
                && groups[consumers[i][0]] is { } candidate
                && consumers[i].TrueForAll(c => groups[c] == candidate)
                && values[operations[candidate.Sink].Outputs[0]].Shape.Equals(shape)
                && candidate.Join(i, operation, IsConstant))
            {
                return candidate;
            }

            var own = new Group(i);
            own.Join(i, operation, IsConstant);
            return own;
        }

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

        return new(values[sink].Shape, Array.ConvertAll(inputs, v => values[v].DType), [.. instructions], [registers[sink]]);
    }

    private sealed class Group(int sink)
    {
        public int Sink { get; } = sink;

        public List<int> Members { get; } = [];

        /// <summary>Values read from outside, in the order met.</summary>
        public List<int> Inputs { get; } = [];

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
