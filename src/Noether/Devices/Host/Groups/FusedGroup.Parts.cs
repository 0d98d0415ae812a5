namespace Noether.Devices.Host;

/// <content>
/// The group as an epilogue: run by whoever makes the input that it reads, on each part of that as soon as it is final. The input is seen as a
/// matrix [rows, width], rows being all axes before the last ones that make up the width: of a product its columns, of a correlation its pixels.
/// Along a row every other input is dense or the same element; from row to row it goes as its strides do.
/// </content>
internal sealed unsafe partial class FusedGroup
{
    /// <summary>
    /// The group over parts of a matrix, for any threads; null while its loop is not compiled, where rows are short, or where an input is not
    /// laid out by rows: then the group is run on the whole.
    /// </summary>
    /// <param name="constants">As of <see cref="Run"/>; read as long as the result is used.</param>
    /// <param name="x">Its inputs.</param>
    /// <param name="y">Its outputs.</param>
    /// <param name="matrix">The first element of the input, contiguous, that comes part by part.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="policy">When the loop is compiled.</param>
    public IRegionBody? OverParts(byte* constants, View[] x, View[] y, View matrix, int width, LoopPolicy policy)
    {
        if (policy == LoopPolicy.Never) return null;
        var shape = x[0].Shape; // as of all inputs; the matrix may be made in another
        var leading = shape.Rank;
        var along = 1;
        while (along < width) along *= shape[--leading];
        if (along != width) return null; // the group sees other rows

        ulong uniform = 0;
        for (var i = 0; i < x.Length; i++)
        {
            if (StepAlong(x[i].Layout, leading) is not { } step) return null;
            if (step == 0) uniform |= 1UL << i;
        }

        // Axes before the width, merged where every input allows, outermost first; the strides of one axis after another.
        var sizes = new List<long>();
        var steps = new List<long>();
        var last = new long[x.Length];
        for (var axis = 0; axis < leading; axis++)
        {
            long size = shape[axis];
            if (size == 1) continue;
            var merges = sizes.Count > 0;
            for (var i = 0; i < x.Length && merges; i++) merges = last[i] == x[i].Layout.Strides[axis] * size;
            if (merges) steps.RemoveRange(steps.Count - x.Length, x.Length);
            else sizes.Add(1);
            sizes[^1] *= size;
            for (var i = 0; i < x.Length; i++)
            {
                last[i] = x[i].Layout.Strides[axis];
                steps.Add(last[i] * x[i].Type.Bytes());
            }
        }

        var isFlat = sizes.Count <= 1;
        for (var i = 0; i < x.Length && isFlat && sizes.Count == 1; i++) isFlat = last[i] == ((uniform >> i & 1) != 0 ? 0 : width);
        if ((width < ShortestRow && !isFlat) || Loop(uniform, streams: false, policy) is not { } loop) return null;
        return new Parts(
            this, loop, constants, uniform, Array.ConvertAll(x, static v => (nint)Origin(v)), Array.ConvertAll(y, static v => (nint)Origin(v)),
            (nint)Origin(matrix), matrix.Type.Bytes(), width, [.. sizes], [.. steps], isFlat);
    }

    // From element to element over the axes from the given one on: 1 where they are dense, 0 where all are one element, else null.
    private static long? StepAlong(Layout layout, int first)
    {
        long step = -1, run = 1;
        for (var axis = layout.Shape.Rank - 1; axis >= first; axis--)
        {
            if (layout.Shape[axis] == 1) continue;
            if (step < 0) step = layout.Strides[axis];
            if (step is not (0 or 1) || layout.Strides[axis] != step * run) return null;
            run *= layout.Shape[axis];
        }

        return step < 0 ? 1 : step;
    }

    private sealed class Parts(
        FusedGroup owner, FusedLoop loop, byte* constants, ulong uniform, nint[] inputs, nint[] outputs, nint origin, int bytes, int width,
        long[] sizes, long[] steps, bool isFlat) : IRegionBody
    {
        private readonly int inputCount = inputs.Length;
        private readonly int axes = sizes.Length;

        public void Invoke(void* first, long rows, int columns)
        {
            var (row, column) = Math.DivRem(((long)first - origin) / bytes, width);
            var count = (long)columns;
            if (isFlat && columns == width) (rows, count) = (1, rows * width); // whole rows of what is dense throughout

            var group = owner.group;
            byte** from = stackalloc byte*[inputCount + 1], at = stackalloc byte*[inputCount + 1], to = stackalloc byte*[outputs.Length];
            var slots = stackalloc byte[BoundGroup.Slot * (inputCount + 1)];
            for (var i = 0; i < outputs.Length; i++) to[i] = (byte*)outputs[i] + (row * width + column) * group.TypeOf(group.Outputs[i]).Bytes();
            while (rows > 0)
            {
                // As far as the last axis goes, all steps from row to row are the same.
                for (var i = 0; i < inputCount; i++) at[i] = (byte*)inputs[i];
                long rest = row, run = 1;
                for (var axis = axes - 1; axis >= 0; axis--)
                {
                    (rest, var place) = Math.DivRem(rest, sizes[axis]);
                    if (axis == axes - 1) run = Math.Min(rows, sizes[axis] - place);
                    for (var i = 0; i < inputCount; i++) at[i] += place * steps[axis * inputCount + i];
                }

                for (var i = 0; i < inputCount; i++)
                {
                    var isSame = (uniform >> i & 1) != 0;
                    from[i] = isSame ? slots + BoundGroup.Slot * i : at[i] + (long)column * group.Inputs[i].Bytes();
                    if (isSame) BoundGroup.Repeat(at[i], group.Inputs[i].Bytes(), from[i]);
                }

                row += run;
                rows -= run;
                while (true)
                {
                    owner.Exactly(loop, from, to, constants, uniform, count);
                    for (var i = 0; i < outputs.Length; i++) to[i] += (long)width * group.TypeOf(group.Outputs[i]).Bytes();
                    if (--run <= 0) break;
                    for (var i = 0; i < inputCount; i++)
                    {
                        var step = steps[(axes - 1) * inputCount + i];
                        if ((uniform >> i & 1) == 0)
                        {
                            from[i] += step;
                        }
                        else if (step != 0)
                        {
                            at[i] += step;
                            BoundGroup.Repeat(at[i], group.Inputs[i].Bytes(), from[i]);
                        }
                    }
                }
            }
        }
    }
}
