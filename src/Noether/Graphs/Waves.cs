using Noether.Primitives;

namespace Noether.Graphs;

/// <summary>
/// Puts small steps that do not need one another side by side, in waves that a device runs at once: the weight gradients of small layers, the
/// updates of all small parameters.
/// </summary>
/// <remarks>
/// A small step is not worth sharing among threads: handing out its parts costs as much as they do. Several of them are, a step a thread.
/// <para>Algorithm: list scheduling. Small steps whose results nobody reads, such as an optimiser's updates, are due last, so that they meet. Then,
/// in order, a step that is not small runs alone, and a small one takes along every small step that is ready among the next few; views, which
/// cost nothing, are brought forward as they become ready. If threads would not finish sooner, the rest of the wave waits for a later one.</para>
/// <para>Memory: what moves is small, reads little and writes little, and moves over few steps or to the end; so a plan's peak grows by little.
/// The order does not depend on the number of threads.</para>
/// </remarks>
internal static class Waves
{
    // Below this, sharing a step itself gains nothing or little.
    private const double MostNanoseconds = 10_000;

    // What must run beside the longest step: handing out takes 1 µs, bringing operands into the other threads' caches as much again, and a thread
    // that is not free at once many times that.
    private const double LeastGain = 8_000;

    // What a step takes that has nothing to do; and what one thread does, about, on operands that lie in its cache.
    private const double Dispatch = 300;
    private const double ProductFlopsOfNanosecond = 80;
    private const double FlopsOfNanosecond = 40;
    private const double BytesOfNanosecond = 60;

    private const int Window = 64;

    /// <summary>The steps in an order as good, their <see cref="Step.Wave"/> numbered from zero without gaps.</summary>
    /// <param name="steps">In topological order.</param>
    /// <param name="values">Shape and type of each value.</param>
    /// <param name="atOnce">False: as they are, one after another.</param>
    public static Step[] Arrange(Step[] steps, IReadOnlyList<TensorType> values, bool atOnce)
    {
        if (atOnce && steps.Length > 1) return new Schedule(steps, values).Run();
        for (var i = 0; i < steps.Length; i++) steps[i].Wave = i;
        return steps;
    }

    private sealed class Schedule
    {
        private readonly double[] nanoseconds;
        private readonly bool[] isView;
        private readonly bool[] isDone; // by value: nobody makes it, or a step that is placed does
        private readonly Step[] waiting;
        private readonly bool[] isPlaced;
        private readonly List<Step> placed = [];
        private readonly List<int> wave = [];
        private int waves;

        public Schedule(Step[] steps, IReadOnlyList<TensorType> values)
        {
            isDone = new bool[values.Count];
            Array.Fill(isDone, true);
            var isRead = new bool[values.Count];
            foreach (var step in steps)
            {
                foreach (var output in step.Outputs) isDone[output] = false;
                foreach (var input in step.Inputs) isRead[input] = true;
            }

            waiting = [.. steps.Where(step => !IsLast(step)), .. steps.Where(IsLast)];
            nanoseconds = Array.ConvertAll(waiting, step => Nanoseconds(step, values));
            isView = Array.ConvertAll(waiting, step => IsView(step, values));
            isPlaced = new bool[steps.Length];

            bool IsLast(Step step) => !Array.Exists(step.Outputs, output => isRead[output]) && !IsView(step, values) && IsSmall(Nanoseconds(step, values));
        }

        public Step[] Run()
        {
            for (var first = 0; first < waiting.Length; first++)
            {
                if (isPlaced[first]) continue;
                wave.Clear();
                wave.Add(first);
                if (!isView[first] && IsSmall(nanoseconds[first])) Gather(first);
                Place();
            }

            return [.. placed];
        }

        // Views are placed at once; small steps that read nothing of the wave join it.
        private void Gather(int first)
        {
            for (var i = first + 1; i < Math.Min(waiting.Length, first + Window); i++)
            {
                if (isPlaced[i] || !Array.TrueForAll(waiting[i].Inputs, input => isDone[input])) continue;
                if (isView[i])
                {
                    Place(i, waves++);
                }
                else if (IsSmall(nanoseconds[i]))
                {
                    wave.Add(i);
                }
            }
        }

        private void Place()
        {
            double sum = 0, longest = 0;
            foreach (var i in wave)
            {
                sum += nanoseconds[i];
                longest = Math.Max(longest, nanoseconds[i]);
            }

            // With a long one beside short ones it is better to share the long one.
            if (sum - longest < Math.Max(LeastGain, 0.8 * longest)) wave.RemoveRange(1, wave.Count - 1);
            wave.Sort((a, b) => nanoseconds[b] != nanoseconds[a] ? nanoseconds[b].CompareTo(nanoseconds[a]) : a - b); // the longest begins first
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

        private static double Nanoseconds(Step step, IReadOnlyList<TensorType> values)
        {
            if (!TakesWhatItCosts(step)) return double.PositiveInfinity;
            var cost = Cost.Of(step, Array.ConvertAll(step.Inputs, i => values[i]), Array.ConvertAll(step.Outputs, o => values[o]));
            return Dispatch + cost.Flops / (IsProduct(step) ? ProductFlopsOfNanosecond : FlopsOfNanosecond) + cost.Bytes / BytesOfNanosecond;
        }

        // Not so sorts and factorisations, which do little at a time, and loops, which run plans of their own.
        private static bool TakesWhatItCosts(Step step) =>
            step.Group is not null || IsProduct(step) || step.Primitive is LinearPrimitive or RowPrimitive or CrossEntropy or CrossEntropyGradient or LayerNorm
                or LayerNormGradient or BatchNormalization or BatchNormalizationGradient or Variance or SumOfSquares or RandomBits or Constant;

        private static bool IsProduct(Step step) => step.Primitive is MatMul or MatMulSum or DualMatMul or Convolution;

        private static bool IsSmall(double nanoseconds) => nanoseconds <= MostNanoseconds;

        private static bool IsView(Step step, IReadOnlyList<TensorType> values) =>
            step.Group is null && step.Inputs.Length > 0 && step.Primitive?.AsView(Layout.Contiguous(values[step.Inputs[0]].Shape)) is not null;
    }
}
