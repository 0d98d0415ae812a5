namespace Noether.Nn;

/// <summary>Steps that decrease a function enough along a line.</summary>
internal static class LineSearch
{
    private const double Decrease = 1e-4; // c₁: the least part of the decrease that the first slope promises
    private const double Flattening = 0.9; // c₂: the most part of the first slope that may remain

    /// <summary>
    /// A step that satisfies both conditions of Wolfe, or the lowest found. Bracketing and zoom of Nocedal and Wright, algorithms 3.5 and 3.6,
    /// with cubic interpolation; safeguards as torch.optim.LBFGS.
    /// </summary>
    /// <param name="at">The function at a step.</param>
    /// <param name="start">At step 0; its slope is negative.</param>
    /// <param name="first">The first step tried.</param>
    /// <param name="most">The most values taken.</param>
    /// <param name="width">Brackets narrower than this are not divided.</param>
    public static LineTrial StrongWolfe(Func<double, LineTrial> at, LineTrial start, double first, int most, double width)
    {
        var before = start;
        var trial = at(first);
        for (var used = 1; used < most; used++)
        {
            if (!Decreases(trial, start) || (used > 2 && trial.Value >= before.Value)) return Zoom(at, start, before, trial, most - used, width);
            if (IsFlat(trial, start)) return trial;
            if (trial.Slope >= 0) return Zoom(at, start, trial, before, most - used, width);
            var next = Cubic(before, trial, trial.Step + 0.01 * (trial.Step - before.Step), trial.Step * 10);
            (before, trial) = (trial, at(next));
        }

        return trial.Value < start.Value ? trial : start;
    }

    // low has the lowest value so far and satisfies the first condition; a step that satisfies both lies between low and high.
    private static LineTrial Zoom(Func<double, LineTrial> at, LineTrial start, LineTrial low, LineTrial high, int most, double width)
    {
        var stalled = false;
        for (; most > 0 && Math.Abs(high.Step - low.Step) >= width; most--)
        {
            var (left, right) = (Math.Min(low.Step, high.Step), Math.Max(low.Step, high.Step));
            var step = Cubic(low, high, left, right);
            var margin = 0.1 * (right - left);
            var nearEnd = Math.Min(right - step, step - left) < margin;
            if (nearEnd && (stalled || step >= right || step <= left))
            {
                step = right - step < step - left ? right - margin : left + margin;
                nearEnd = false;
            }

            stalled = nearEnd;
            var trial = at(step);
            if (!Decreases(trial, start) || trial.Value >= low.Value)
            {
                high = trial;
                continue;
            }

            if (IsFlat(trial, start)) return trial;
            if (trial.Slope * (high.Step - low.Step) >= 0) high = low;
            low = trial;
        }

        return low;
    }

    // Written so that NaN does not decrease.
    private static bool Decreases(LineTrial trial, LineTrial start) => trial.Value <= start.Value + Decrease * trial.Step * start.Slope;

    private static bool IsFlat(LineTrial trial, LineTrial start) => Math.Abs(trial.Slope) <= -Flattening * start.Slope;

    // The minimum of the cubic through two values and slopes, equation 3.59; the middle where there is none.
    private static double Cubic(LineTrial a, LineTrial b, double least, double most)
    {
        if (a.Step > b.Step) (a, b) = (b, a);
        var d1 = a.Slope + b.Slope - 3 * (a.Value - b.Value) / (a.Step - b.Step);
        var square = d1 * d1 - a.Slope * b.Slope;
        if (!(square >= 0)) return (least + most) / 2;
        var d2 = Math.Sqrt(square);
        var step = b.Step - (b.Step - a.Step) * ((b.Slope + d2 - d1) / (b.Slope - a.Slope + 2 * d2));
        return double.IsFinite(step) ? Math.Clamp(step, least, most) : (least + most) / 2;
    }
}
