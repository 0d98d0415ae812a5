namespace Noether.Devices.Host;

/// <summary>
/// The leading axes of a batched product: one batch where both operands stride evenly over them; otherwise the outermost are looped over, and the
/// rest is the batch of each turn.
/// </summary>
internal readonly struct ProductBatch
{
    private readonly Layout a, b;
    private readonly int axes; // looped over

    public ProductBatch(View a, View b, View y)
    {
        (this.a, this.b) = (a.Layout, b.Layout);
        ReadOnlySpan<long> sa = this.a.Strides, sb = this.b.Strides;
        Size = 1;
        var axis = y.Shape.Rank - 3;
        for (; axis >= 0; axis--)
        {
            var size = y.Shape[axis];
            if (size == 1) continue;
            if (Size == 1) (StepA, StepB) = (sa[axis], sb[axis]);
            else if (sa[axis] != StepA * Size || sb[axis] != StepB * Size) break;
            Size = checked(Size * size);
        }

        axes = axis + 1;
        Turns = 1;
        for (var i = 0; i < axes; i++) Turns *= y.Shape[i];
    }

    /// <summary>Matrices of a turn.</summary>
    public int Size { get; }

    /// <summary>From matrix to matrix of the left operand.</summary>
    public long StepA { get; }

    /// <summary>From matrix to matrix of the right operand.</summary>
    public long StepB { get; }

    public long Turns { get; }

    /// <summary>Where a turn's first matrices begin.</summary>
    public (long A, long B) Offsets(long turn)
    {
        long offsetA = 0, offsetB = 0;
        for (var i = axes - 1; i >= 0; i--)
        {
            var size = a.Shape[i];
            offsetA += turn % size * a.Strides[i];
            offsetB += turn % size * b.Strides[i];
            turn /= size;
        }

        return (offsetA, offsetB);
    }

    /// <summary>Where the factors of one matrix of all begin.</summary>
    public (long A, long B) OffsetsOfMatrix(long matrix)
    {
        var (turn, place) = Math.DivRem(matrix, Size);
        var (offsetA, offsetB) = Offsets(turn);
        return (offsetA + place * StepA, offsetB + place * StepB);
    }
}
