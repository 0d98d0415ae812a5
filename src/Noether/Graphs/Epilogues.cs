using Noether.Primitives;

namespace Noether.Graphs;

/// <summary>
/// Joins products, of matrices or by convolution, with the groups that read them first: the group becomes a part of the product's step, and the
/// device may run it on each part of the result that is final, instead of in a pass of its own.
/// </summary>
/// <remarks>
/// The product moves down to its group's place. Nothing between the two reads its result, so the order stays topological; its operands live on
/// till then. Its result is overwritten at once if nobody else reads it; if somebody does, as a gradient does, it is an output beside the group's.
/// A group takes part in one product, the last that it reads. A product with its tangent is one product with two results, and the group that reads
/// the first of them must come before whatever else reads either.
/// A product of many rows is reshaped to the axes that these were made of, one over positions to theirs. If nothing else reads it, the group takes part all
/// the same: a reshape leaves every element where it is, so the plan keeps the reshaped value alone, and the product is made in its memory.
/// </remarks>
internal static class Epilogues
{
    public static Step[] Join(Step[] steps, List<TensorType> values, int[] results)
    {
        var joined = new Step?[steps.Length];
        var first = new Dictionary<int, int>(); // the first step that reads a value
        var uses = new int[values.Count];
        foreach (var value in results) uses[value]++;
        foreach (var step in steps)
        {
            foreach (var input in step.Inputs) uses[input]++;
        }

        for (var i = steps.Length - 1; i >= 0; i--)
        {
            var (step, place) = (steps[i], i);
            var reshape = ReshapeOf(step);
            if (reshape >= 0)
                step = step with { Outputs = steps[reshape].Outputs, Makes = values[step.Outputs[0]].Shape, Places = [.. step.Places.Union(steps[reshape].Places)] };
            if (step is { Group: null, Primitive.TakesEpilogue: true } && first.TryGetValue(step.Outputs[0], out var reader)
                && Array.TrueForAll(step.Outputs, y => reader <= first.GetValueOrDefault(y, reader))
                && joined[reader] is { Primitive: null, Group: { } group } map && group.Shape.Equals(values[step.Outputs[0]].Shape))
            {
                place = reader;
                if (reshape >= 0) joined[reshape] = null;
                joined[reader] = step with
                {
                    Inputs = [.. step.Inputs, .. map.Inputs.Where(x => !step.Outputs.AsSpan().Contains(x))],
                    Outputs = [.. step.Outputs, .. map.Outputs],
                    Places = [.. step.Places.Union(map.Places)],
                    Epilogue = map,
                };
            }
            else
            {
                step = joined[i] = steps[i];
            }

            foreach (var input in step.Inputs) first[input] = Math.Min(place, first.GetValueOrDefault(input, place));
        }

        return [.. joined.OfType<Step>()];

        // The step that alone reads a product and gives it another shape, or -1.
        int ReshapeOf(Step step) =>
            step is { Group: null, Primitive.TakesEpilogue: true, Outputs: [var y] } && uses[y] == 1 && first.TryGetValue(y, out var reader)
            && joined[reader] is { Group: null, Primitive: Reshape } ? reader : -1;
    }
}
