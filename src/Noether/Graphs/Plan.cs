using Noether.Primitives;

namespace Noether.Graphs;

/// <summary>One call of a device verb, on values by number: a primitive, a fused group, or a fold of a group's elements.</summary>
internal sealed record Step(Primitive? Primitive, ElementwiseGroup? Group, int[] Inputs, int[] Outputs)
{
    /// <summary>Values whose last use is this step.</summary>
    public int[] Dies { get; set; } = [];

    /// <summary>Steps of one number follow one another in the plan and do not need each other: they may run at once.</summary>
    public int Wave { get; set; }

    /// <summary>The lines that asked for it, where they are known; of a group, of all its operations.</summary>
    public CodePlace[] Places { get; init; } = [];

    /// <summary>
    /// A group that reads the primitive's results and runs with it. Then the inputs are the primitive's, followed by the group's others, and the
    /// outputs are the primitive's, followed by the group's.
    /// </summary>
    public Step? Epilogue { get; init; }

    /// <summary>The shape in which the primitive makes its first output, where the plan has that only as the group reads it: reshaped.</summary>
    public Shape? Makes { get; init; }

    /// <summary>How many of the inputs the primitive itself reads.</summary>
    public int Operands => Epilogue is null ? Inputs.Length : Inputs.Length - Epilogue.Inputs.Count(x => !Outputs.AsSpan().Contains(x));

    public string Name => Epilogue is not null ? $"{Primitive!.Name} + {Epilogue.Name}" : Group is null ? Primitive!.Name : $"{Primitive?.Name ?? "Map"}[{Group}]";
}

/// <summary>
/// What an evaluation will do, in order: steps over numbered values with exact last uses, so that memory returns to the pool the moment
/// it is free. Independent of the values of its leaves, and so reusable (<see cref="Transform.Compile(Func{Tensor, Tensor})"/>).
/// </summary>
internal sealed class Plan(TensorType[] values, int[] leafValues, Step[] steps, int[] results)
{
    /// <summary>Shape and type of each value.</summary>
    public TensorType[] Values { get; } = values;

    /// <summary>The value numbers of the leaves: what a run is given values for.</summary>
    public int[] LeafValues { get; } = leafValues;

    public Step[] Steps { get; } = steps;

    /// <summary>The value number of each asked tensor.</summary>
    public int[] Results { get; } = results;

    /// <summary>What the steps were made from.</summary>
    public required PlanOrigin Origin { get; init; }

    /// <summary>The memory plan of the last run.</summary>
    public MemoryPlan? Memory { get; set; }

    public Cost CostOf(Step step) => Cost.Of(step, Array.ConvertAll(step.Inputs, i => Values[i]), Array.ConvertAll(step.Outputs, i => Values[i]));

    /// <summary>One line a step: outputs, operation, inputs, sizes. What may run at once stands indented.</summary>
    public override string ToString()
    {
        var text = new System.Text.StringBuilder();
        for (var i = 0; i < LeafValues.Length; i++) text.AppendLine($"%{LeafValues[i]} = input {Values[LeafValues[i]]}");
        for (var i = 0; i < Steps.Length; i++)
        {
            var step = Steps[i];
            var (opens, joins) = (i + 1 < Steps.Length && Steps[i + 1].Wave == step.Wave, i > 0 && Steps[i - 1].Wave == step.Wave);
            if (opens && !joins) text.AppendLine("at once:");
            if (opens || joins) text.Append("  ");
            text.AppendLine($"{string.Join(", ", step.Outputs.Select(o => $"%{o}: {Values[o]}"))} = {step.Name}({string.Join(", ", step.Inputs.Select(i => $"%{i}"))})  [{CostOf(step)}]");
        }

        return text.Append($"return {string.Join(", ", Results.Select(r => $"%{r}"))}").ToString();
    }
}
