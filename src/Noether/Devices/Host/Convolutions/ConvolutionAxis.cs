namespace Noether.Devices.Host;

/// <summary>
/// One spatial axis of a correlation, for those positions of the run that are <c>First</c> modulo <c>Every</c>: position
/// <c>First + j · Every</c> meets tap <c>t</c> at the input's element <c>Places[t] + Low + j · Step</c>.
/// </summary>
/// <remarks>
/// Of the two index sets of a correlation, kernel and output, one is the run and the other the taps; the sum of their positions is what
/// counts, so either may be either. Where the input is spread by zeros, a run of step 1 meets an element only every so often, and always
/// with the same taps: splitting the run by residues leaves dense correlations without a zero in them. A run of step R over the input is a
/// run of step 1 over each of its R parts (every R-th element), so strides cost no more than the sorting of the input.
/// </remarks>
internal sealed class ConvolutionAxis
{
    private ConvolutionAxis(int first, int every, int count, int step, int low, int[] taps, int[] places)
    {
        (First, Every, Count, Step, Low, Taps) = (first, every, count, step, low, taps);
        List<int> parts = [];
        var reach = 0;
        Part = new int[taps.Length];
        Offset = new int[taps.Length];
        for (var t = 0; t < taps.Length; t++)
        {
            var (offset, part) = Math.DivRem(places[t], step);
            if (!parts.Contains(part))
                parts.Add(part);
            Part[t] = parts.IndexOf(part);
            Offset[t] = offset;
            reach = Math.Max(reach, offset);
        }

        Parts = [.. parts];
        Reach = reach;
    }

    /// <summary>The first position of the run, and the distance of neighbours.</summary>
    public int First { get; }

    public int Every { get; }

    /// <summary>How many positions the run has.</summary>
    public int Count { get; }

    /// <summary>Elements of input from one position to the next.</summary>
    public int Step { get; }

    /// <summary>The element of the input that is place 0; negative in the padding.</summary>
    public int Low { get; }

    /// <summary>The taps that meet elements, ascending.</summary>
    public int[] Taps { get; }

    /// <summary>The residues, modulo <see cref="Step"/>, of the places that some tap needs.</summary>
    public int[] Parts { get; }

    /// <summary>For each tap, which of <see cref="Parts"/> it reads, and from which element of that part on.</summary>
    public int[] Part { get; }

    public int[] Offset { get; }

    /// <summary>The largest offset: a part holds as many elements as the run, and so many more.</summary>
    public int Reach { get; }

    /// <summary>The axis for each residue of the run that any position has.</summary>
    public static ConvolutionAxis[] Split(int run, int runStep, int taps, int tapStep, int padLow, int spread)
    {
        var every = spread / Divisor(runStep, spread);
        var axes = new ConvolutionAxis[Math.Min(every, run)];
        for (var first = 0; first < axes.Length; first++)
        {
            List<int> met = [], places = [];
            for (var tap = 0; tap < taps; tap++)
            {
                var position = (long)first * runStep + (long)tap * tapStep - padLow;
                if (position % spread != 0)
                    continue;
                met.Add(tap);
                places.Add((int)(position / spread));
            }

            var low = places.Count > 0 ? places[0] : 0; // places ascend
            axes[first] = new ConvolutionAxis(
                first, every, (run - first + every - 1) / every, every * runStep / spread, low, [.. met], [.. places.Select(p => p - low)]);
        }

        return axes;
    }

    private static int Divisor(int x, int y) => y == 0 ? x : Divisor(y, x % y);
}
