using Noether.Primitives;

namespace Noether.Graphs;

/// <summary>
/// Joins a product A·B with its tangent A'·B + A·B' into one <see cref="DualMatMul"/>, where the device says that this pays. Forward derivatives, and
/// so products with Hessians, are made of such pairs.
/// </summary>
/// <remarks>
/// The value's walk comes before the tangent's, and what reads the value comes between. So operations change their order: a pair stands where its
/// first member stood, after everything that either needs. A pair is left alone if that would go in a circle: if the tangent needs, perhaps through
/// other pairs, the value.
/// </remarks>
internal sealed class Duals
{
    private readonly List<Operation> operations;
    private readonly int[] producer; // the operation of each value; -1: a leaf
    private readonly int[] partner; // the other member of an operation's pair; -1: none
    private readonly int[] visited; // by the search of a number
    private readonly Stack<int> pending = new();
    private int searches;

    private Duals(List<Operation> operations, int values)
    {
        this.operations = operations;
        producer = new int[values];
        partner = new int[operations.Count];
        visited = new int[operations.Count];
        Array.Fill(producer, -1);
        Array.Fill(partner, -1);
        for (var i = 0; i < operations.Count; i++)
        {
            foreach (var output in operations[i].Outputs) producer[output] = i;
        }
    }

    /// <summary>The operations with pairs joined, in topological order.</summary>
    public static List<Operation> Join(List<Operation> operations, List<TensorType> values, Device device)
    {
        Dictionary<(int A, int B), int>? products = null;
        for (var i = 0; i < operations.Count; i++)
        {
            if (operations[i] is { Primitive: MatMul, Inputs: [var a, var b], Outputs: [var y] }
                && values[a].DType == values[y].DType && values[b].DType == values[y].DType && device.JoinsDuals(values[y], values[a].Shape[^1]))
                (products ??= []).TryAdd((a, b), i);
        }

        return products is null ? operations : new Duals(operations, values.Count).Joined(products, values);
    }

    private List<Operation> Joined(Dictionary<(int A, int B), int> products, List<TensorType> values)
    {
        var joined = new Operation?[operations.Count]; // of each member of a pair, the pair
        for (var tangent = 0; tangent < operations.Count; tangent++)
        {
            if (ValueOf(tangent, products, values) is { } pair && !IsCircle(pair.Value, tangent))
            {
                (partner[tangent], partner[pair.Value]) = (pair.Value, tangent);
                joined[pair.Value] = joined[tangent] = pair.Joined;
            }
        }

        if (Array.TrueForAll(joined, static j => j is null)) return operations;
        var ordered = new List<Operation>(operations.Count);
        searches++;
        for (var i = 0; i < operations.Count; i++) Place(i, joined, ordered);
        return ordered;
    }

    // The product that a sum of two is the tangent of, and both as one; the terms stand in either order.
    private (int Value, Operation Joined)? ValueOf(int tangent, Dictionary<(int A, int B), int> products, List<TensorType> values)
    {
        if (operations[tangent] is not { Primitive: MatMulSum, Inputs: [var a, var b, var c, var d] }) return null;
        return Pair(c, b, a, d) ?? Pair(a, d, c, b);

        (int, Operation)? Pair(int first, int second, int firstTangent, int secondTangent)
        {
            if (!products.TryGetValue((first, second), out var value) || partner[value] >= 0
                || values[first] != values[firstTangent] || values[second] != values[secondTangent]) return null;
            var (product, sum) = (operations[value], operations[tangent]);
            int[] inputs = [first, second, firstTangent, secondTangent];
            return (value, new(DualMatMul.Instance, inputs, [product.Outputs[0], sum.Outputs[0]]) { Place = product.Place });
        }
    }

    // Whether either needs the other, the pairs so far being one operation each.
    private bool IsCircle(int value, int tangent)
    {
        searches++;
        pending.Clear();
        PushInputs(value);
        PushInputs(tangent);
        while (pending.TryPop(out var i))
        {
            if (i == value || i == tangent) return true;
            if (visited[i] == searches) continue;
            visited[i] = searches;
            PushInputs(i);
            if (partner[i] < 0) continue;
            visited[partner[i]] = searches;
            PushInputs(partner[i]);
        }

        return false;
    }

    // An operation, its partner with it, after what they need; depth first without recursion.
    private void Place(int root, Operation?[] joined, List<Operation> ordered)
    {
        pending.Push(root);
        while (pending.TryPeek(out var i))
        {
            if (visited[i] != searches)
            {
                var before = pending.Count;
                PushInputs(i);
                if (partner[i] >= 0) PushInputs(partner[i]);
                if (pending.Count > before) continue;
                visited[i] = searches;
                if (partner[i] >= 0) visited[partner[i]] = searches;
                ordered.Add(joined[i] ?? operations[i]);
            }

            pending.Pop();
        }
    }

    private void PushInputs(int operation)
    {
        foreach (var input in operations[operation].Inputs)
        {
            if (producer[input] >= 0 && visited[producer[input]] != searches) pending.Push(producer[input]);
        }
    }
}
