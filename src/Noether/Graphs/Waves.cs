using Noether.Primitives;

namespace Noether.Graphs;

/// <summary>
/// Puts small steps that do not need one another side by side, in waves that a device runs at once: the weight gradients of small layers, the
/// updates of all small parameters.
/// </summary>
/// <remarks>
/// <para>Algorithm: list scheduling. Small steps whose results nobody reads, such as an optimiser's updates, are due last, so that they meet. Then,
/// in order, a step that is not small runs alone, and a small one takes along the small steps that go with it and are ready among the next few; views,
/// which cost nothing, are brought forward as they become ready. If the device would not finish sooner, the rest of the wave waits for a later one.</para>
/// <para>What is small, what goes together and what it gains is the device's <see cref="IWaveRule"/>.</para>
/// <para>Memory: what moves is small, reads little and writes little, and moves over few steps or to the end; so a plan's peak grows by little.
/// The order does not depend on the number of threads.</para>
/// </remarks>
internal static class Waves
{
    /// <summary>The steps in an order as good, their <see cref="Step.Wave"/> numbered from zero without gaps.</summary>
    /// <param name="steps">In topological order.</param>
    /// <param name="values">Shape and type of each value.</param>
    /// <param name="rule">What goes together; null: nothing, the steps stay as they are.</param>
    public static Step[] Arrange(Step[] steps, IReadOnlyList<TensorType> values, IWaveRule? rule)
    {
        if (rule is not null && steps.Length > 1) return new Schedule(steps, values, rule).Run();
        for (var i = 0; i < steps.Length; i++) steps[i].Wave = i;
        return steps;
    }

    private sealed class Schedule
    {
        private readonly IWaveRule rule;
        private readonly double[] costs;
        private readonly bool[] isView;
        private readonly bool[] isDone; // by value: nobody makes it, or a step that is placed does
        private readonly Step[] waiting;
        private readonly bool[] isPlaced;
        private readonly List<Step> placed = [];
        private readonly List<int> wave = [];
        private int waves;

        public Schedule(Step[] steps, IReadOnlyList<TensorType> values, IWaveRule rule)
        {
            this.rule = rule;
            isDone = new bool[values.Count];
            Array.Fill(isDone, true);
            var isRead = new bool[values.Count];
            foreach (var step in steps)
            {
                foreach (var output in step.Outputs) isDone[output] = false;
                foreach (var input in step.Inputs) isRead[input] = true;
            }

            waiting = [.. steps.Where(step => !IsLast(step)), .. steps.Where(IsLast)];
            costs = Array.ConvertAll(waiting, step => rule.CostOf(step, values));
            isView = Array.ConvertAll(waiting, step => IsView(step, values));
            isPlaced = new bool[steps.Length];

            bool IsLast(Step step) => !Array.Exists(step.Outputs, output => isRead[output]) && !IsView(step, values) && double.IsFinite(rule.CostOf(step, values));
        }

        public Step[] Run()
        {
            for (var first = 0; first < waiting.Length; first++)
            {
                if (isPlaced[first]) continue;
                wave.Clear();
                wave.Add(first);
                if (!isView[first] && double.IsFinite(costs[first])) Gather(first);
                Place();
            }

            return [.. placed];
        }

        // Views are placed at once; small steps that read nothing of the wave join it.
        private void Gather(int first)
        {
            for (var i = first + 1; i < Math.Min(waiting.Length, first + rule.Window); i++)
            {
                if (isPlaced[i] || !Array.TrueForAll(waiting[i].Inputs, input => isDone[input])) continue;
                if (isView[i])
                {
                    Place(i, waves++);
                }
                else if (double.IsFinite(costs[i]) && rule.GoTogether(waiting[first], waiting[i]))
                {
                    wave.Add(i);
                }
            }
        }

        private void Place()
        {
            if (wave.Count > 1)
            {
                double sum = 0, longest = 0;
                foreach (var i in wave)
                {
                    sum += costs[i];
                    longest = Math.Max(longest, costs[i]);
                }

                if (!rule.Pays(sum, longest)) wave.RemoveRange(1, wave.Count - 1);
                wave.Sort((a, b) => costs[b] != costs[a] ? costs[b].CompareTo(costs[a]) : a - b); // the longest begins first
            }

            foreach (var i in wave) Place(i, waves);
            waves++;
        }

        private void Place(int i, int number)
        {
            isPlaced[i] = true;
            waiting[i].Wave = number;
            placed.Add(waiting[i]);
            foreach (var output in waiting[i].Outputs) isDone[output] = true;
        }

        private static bool IsView(Step step, IReadOnlyList<TensorType> values) =>
            step.Group is null && step.Inputs.Length > 0 && step.Primitive?.AsView(Layout.Contiguous(values[step.Inputs[0]].Shape)) is not null;
    }
}
